import { createServer } from 'node:net';

/** A free TCP port on 127.0.0.1, as the system hands it out; somebody else may take it before you do. */
export async function freePort(): Promise<number> {
  const port = await listened(0);
  if (port === null) throw new Error('The system gave no TCP port.');
  return port;
}

/** The port itself while nobody listens on it, else 0: any. */
export async function sameOrAny(port: number): Promise<number> {
  return (await listened(port)) ?? 0;
}

/** The port that could be listened on, null where it is taken. */
async function listened(port: number): Promise<number | null> {
  const server = createServer();
  const opened = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  const address = server.address();
  if (opened) await new Promise((resolve) => server.close(resolve));
  return opened && address !== null && typeof address === 'object' ? address.port : null;
}
