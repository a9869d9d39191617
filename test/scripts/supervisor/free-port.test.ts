import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, sameOrAny } from '#scripts/supervisor/free-port.ts';

test('a port is taken again while it is free, and any other where somebody listens on it', async () => {
  const port = await freePort();
  expect(await sameOrAny(port)).toBe(port);
  const server = createServer();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  expect(await sameOrAny(port)).toBe(0);
  await new Promise((done) => server.close(done));
});
