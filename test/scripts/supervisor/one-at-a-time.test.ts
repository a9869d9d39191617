import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { oneAtATime } from '#scripts/supervisor/one-at-a-time.mjs';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak one at a time '));
  lock = join(folder, 'not yet', 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the lock stands while the work is done, and is gone after it, also where it threw', () => {
  expect(oneAtATime(lock, () => readFileSync(lock, 'utf8'))).toBe(`${process.pid}\n`);
  expect(existsSync(lock)).toBe(false);
  const failing = () => {
    throw new Error('no room');
  };
  expect(() => oneAtATime(lock, failing)).toThrow('no room');
  expect(existsSync(lock)).toBe(false);
});

test('it waits for another process, and says for whom', () => {
  oneAtATime(lock, () => undefined);
  const held = "setTimeout(() => require('node:fs').rmSync(process.argv[1]), 700)";
  const other = spawn(process.execPath, ['-e', held, lock], { stdio: 'ignore' });
  writeFileSync(lock, `${other.pid}\n`);
  const heard: number[] = [];
  expect(
    oneAtATime(
      lock,
      () => 'done',
      (pid) => heard.push(pid),
    ),
  ).toBe('done');
  expect(heard).toEqual([other.pid]);
});

test('what a process that is gone left behind holds nobody up, nor what is older than any work', () => {
  oneAtATime(lock, () => undefined);
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(lock, `${pid}\n`);
  expect(oneAtATime(lock, () => 'done')).toBe('done');
  writeFileSync(lock, `${process.pid}\n`);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(lock, longAgo, longAgo);
  expect(oneAtATime(lock, () => 'done')).toBe('done');
});
