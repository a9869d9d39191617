import { expect, test } from 'vitest';
import type { LoggingRead } from '#app/clients/cloud-logging/port.ts';
import { readErrorLines } from '#app/engine/story/error-lines.server.ts';

const target = { project: 'film-studio', region: 'europe-west1', service: 'voiceover' };
const line = { at: 1, severity: 'ERROR', message: 'model not found', request: null };
const logging = (lines: number) =>
  ({
    list: async ({ limit }: { limit: number }) => Array.from({ length: Math.min(limit, lines) }, () => line),
  }) as unknown as LoggingRead;
const read = (lines: number) => readErrorLines(logging(lines), target, { onset: 3_600_000, to: 7_200_000 });

test('counts of error lines say so when only the latest were read', async () => {
  expect(await read(399)).toEqual({
    onset: 3_600_000,
    before: [{ message: 'model not found', count: 399 }],
    after: [{ message: 'model not found', count: 399 }],
  });
  expect((await read(5_000)).latest).toBe(400);
});
