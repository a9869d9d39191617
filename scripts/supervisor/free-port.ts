import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems hand out by themselves (Linux from 32768, macOS and Windows from 49152): none is taken by chance until it is used. */
const range = { first: 15_000, last: 31_999 };
const given = new Set<number>();

/** A TCP port on 127.0.0.1 that nobody listens on; never the same twice in a process, which may use it much later. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const port = randomInt(range.first, range.last + 1);
    if (given.has(port)) continue;
    given.add(port);
    if ((await listened(port)) !== null) return port;
  }
  throw new Error(`None of a thousand TCP ports from ${range.first} to ${range.last} is free.`);
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
