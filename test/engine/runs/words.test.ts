import { expect, test } from 'vitest';
import type { Suspect, SuspectList } from '#app/domain/change/change.ts';
import { cannotBeEstimated, expectedWords, suspectOf } from '#app/engine/runs/expected-burn.ts';
import { queueDelay } from '#app/engine/runs/queue-stop.server.ts';
import { checkRequirement } from '#app/engine/runs/requirement.ts';
import { dataMs, wallMs } from '#app/engine/runs/wall-time.ts';
import type { SloState } from '#app/stores/stores.ts';

const suspect = {
  reversal: {
    action: 'flag.kill',
    label: 'Turn off v2',
    inputs: { flag: 'v2', environment: 'production', slo: 'shop-availability' },
  },
  cohorts: { with: { bad: 903, total: 13_450 }, without: { bad: 301, total: 40_350 }, from: 0, to: 1 },
  expectedBurn: 7.46,
  target: 'flag/production/v2',
} as unknown as Suspect;
const list: SuspectList = { suspects: [suspect], main: suspect, explained: true, verdict: null };

test('the expected burn comes from the suspect whose reversal this step is, with its counts', () => {
  const found = suspectOf(list, { action: 'flag.kill', target: 'flag/production/v2' });
  expect(expectedWords(found)).toBe(
    'The burn should fall to about 7.5×: 903 of 13,450 failed with it, 301 of 40,350 failed without it.',
  );
  expect(expectedWords({ ...suspect, cohorts: null, expectedBurn: 0.02 })).toBe('The burn should fall to under 0.1×.');
  expect(suspectOf(list, { action: 'flag.kill', target: 'flag/development/v2' })).toBeNull();
  expect(suspectOf(list, { action: 'flag.restore', target: 'flag/production/v2' })).toBeNull();
  expect(expectedWords(null)).toBe(cannotBeEstimated);
});

const requirement = { slo: 'shop', burnOver: 6, window: '5m' };
const state = (burn: number | null, part: object = {}) =>
  ({
    error: null,
    evaluation: { condition: 'ok', reason: null, windows: { '5m': { burn } } },
    ...part,
  }) as unknown as SloState;

test.each([
  ['pass', state(13.9), 'shop burns 13.9× over 5m, over 6×.'],
  ['fail', state(2), 'shop burns 2× over 5m, not over 6×.'],
  ['unknown', state(null), 'shop has no burn over 5m: no data.'],
  ['unknown', state(13.9, { error: 'quota' }), 'The burn of shop is not known now: quota.'],
  ['unknown', null, 'shop has not been evaluated yet; this step is meant for a burn over 6×.'],
])('a requirement is %s', (wanted, found, text) => {
  expect(checkRequirement(requirement, found)).toEqual({ state: wanted, text });
});

test('waits are data time at the clock’s speed, and patience with outside systems is wall time', () => {
  expect(wallMs({ speed: () => 60 }, 60_000)).toBe(1_000);
  expect(wallMs({ speed: () => 1000 }, 1_000)).toBe(200);
  expect(dataMs({ speed: () => 60 }, 1_000)).toBe(60_000);
  expect([1, 2, 3, 4, 5, 9].map(queueDelay)).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});
