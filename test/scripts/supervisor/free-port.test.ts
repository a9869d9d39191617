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

test('no port is given twice, however long it is not used, and none that the system gives to others', async () => {
  const ports = await Promise.all(Array.from({ length: 300 }, freePort));
  expect(new Set(ports).size).toBe(ports.length);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});
