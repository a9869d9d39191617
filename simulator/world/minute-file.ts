import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { MinuteRecord } from './minute-record.ts';

/** The minutes that were lived and may have been served: appended once, never rewritten. */
export interface MinuteFile {
  read(): MinuteRecord[];
  append(records: MinuteRecord[]): void;
}

/** One JSON document a line in `folder/minutes.jsonl`. A line that a crash cut off is dropped: its minute was not served yet. */
export function openMinuteFile(folder: string): MinuteFile {
  const file = join(folder, 'minutes.jsonl');
  return {
    read() {
      if (!existsSync(file)) return [];
      const text = readFileSync(file, 'utf8');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      if (whole.length < text.length) truncateSync(file, Buffer.byteLength(whole));
      return whole
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as MinuteRecord);
    },
    append(records) {
      if (records.length > 0) appendFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    },
  };
}
