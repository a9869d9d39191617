import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive } from '#scripts/supervisor/child.ts';
import { leftOver } from '#scripts/supervisor/left-over.ts';
import { startChild } from '#scripts/supervisor/process.ts';

const script = 'test/scripts/supervisor/hello.ts';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-left-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = () =>
  startChild({ name: 'It', script, env: {}, logFile: join(folder, 'it.log'), helloKeys: ['hello'], timeoutMs: 30_000 });

test('what a supervisor that was killed left running ends before its successor starts', async () => {
  const orphan = await start();
  expect(leftOver(join(folder, 'it.pid'), script)).toBe(orphan.pid);
  const next = await start();
  expect([isAlive(orphan.pid), isAlive(next.pid)]).toEqual([false, true]);
  await next.stop(5_000);
  expect(leftOver(join(folder, 'it.pid'), script)).toBeNull();
});

test('another program that got the id by now is left alone', async () => {
  const other = spawn('sleep', ['60']);
  await once(other, 'spawn');
  writeFileSync(join(folder, 'it.pid'), `${other.pid}\n`);
  expect(leftOver(join(folder, 'it.pid'), script)).toBeNull();
  const mine = await start();
  expect(isAlive(other.pid!)).toBe(true);
  await mine.stop(5_000);
  other.kill();
});
