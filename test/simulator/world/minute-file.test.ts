import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openMinuteFile } from '#simulator/world/minute-file.ts';
import type { MinuteRecord } from '#simulator/world/minute-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-minutes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const record = (minute: number): MinuteRecord => ({ service: 'a', minute, requests: [], flags: [], failures: [] });

test('a restart finds the minutes that were lived; a line cut off by a crash is dropped and written anew', () => {
  openMinuteFile(folder).append([record(1), record(2)]);
  appendFileSync(join(folder, 'minutes.jsonl'), '{"service":"ä","minu');
  const again = openMinuteFile(folder);
  expect(again.read()).toEqual([record(1), record(2)]);
  again.append([record(3)]);
  expect(openMinuteFile(folder).read()).toEqual([record(1), record(2), record(3)]);
});
