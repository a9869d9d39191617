import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RolloutGuard } from '#app/domain/rollout/plan.ts';
import { type GuardReading, judgeGuard, judgeStage, verdictKinds } from '#app/domain/rollout/verdict.ts';
import { minuteMs } from '#app/domain/slo/series.ts';

const effectAt = Date.UTC(2026, 10, 22, 3);
const settle = 4 * minuteMs;
const guard: RolloutGuard = { source: { kind: 'slo', slo: 'shop' }, over: 14.4, judge: 'service' };
const stage = { window: { short: 5, long: 60 }, minRequests: 100 };

/** Minutes from `from` to `to` after the step, by their end. */
const minutes = (from: number, to: number, bad: number, total = 100): GuardReading['minutes'] =>
  Array.from({ length: to - from }, (_, i) => ({ at: effectAt + (from + i + 1) * minuteMs, bad, total }));

const read = (part: Partial<GuardReading>): GuardReading => ({
  ...{ minutes: [], settle, objective: 0.999, error: null },
  ...part,
});

/** What the guard says `after` minutes after the step. */
const says = (after: number, part: Partial<GuardReading>, minRequests = 100) =>
  judgeGuard(guard, { ...stage, minRequests }, read(part), effectAt, effectAt + after * minuteMs);

const before = minutes(-10, 0, 0);
const healthy = [...before, ...minutes(0, 10, 0)];
const burning = [...before, ...minutes(0, 10, 2)];

test('where not one bad point ever came, well is said with its doubt', () => {
  const [sure, unsure] = [{}, { badUnseen: true }].map((part) =>
    says(14, { minutes: [...before, ...minutes(0, 12, 0)], ...part }),
  );
  expect([sure!.kind, unsure!.kind]).toEqual(['pass', 'pass']);
  expect(unsure!.text).toBe(
    `${sure!.text} Before the step none was counted either: a count of the wrong thing looks the same.`,
  );
});

test.each<[string, string, ReturnType<typeof says>]>([
  ['both windows burn', 'breach', says(10, { minutes: burning })],
  ['both windows burn, and the source fails since', 'breach', says(10, { minutes: burning, error: 'quota' })],
  ['both windows burn, and it was silent since', 'breach', says(30, { minutes: burning })],
  ['the source fails', 'error', says(10, { minutes: healthy, error: 'quota' })],
  ['the source counts more bad than all', 'error', says(10, { minutes: [...healthy, ...minutes(5, 6, 200)] })],
  ['nothing at all', 'stale', says(10, {})],
  ['nothing since the step', 'stale', says(10, { minutes: before })],
  ['no news for long', 'stale', says(30, { minutes: healthy })],
  ['only what is no number', 'stale', says(10, { minutes: minutes(-10, 10, Number.NaN) })],
  ['holes', 'stale', says(14, { minutes: [...before, ...minutes(0, 3, 0), ...minutes(7, 12, 0)] })],
  ['no traffic', 'insufficient', says(14, { minutes: minutes(-10, 12, 0, 0) })],
  ['fewer requests than asked for', 'insufficient', says(14, { minutes: minutes(-10, 12, 0, 5) })],
  ['a burn of too few failures', 'insufficient', says(14, { minutes: [...before, ...minutes(0, 10, 0.3, 12)] })],
  ['all is well', 'pass', says(14, { minutes: [...before, ...minutes(0, 12, 0)] })],
])('%s: %s', (_, expected, verdict) => {
  expect(verdict.kind).toBe(expected);
  expect(verdict.text).toMatch(/[.]$/);
});

test('what burned before the step is not held against it', () => {
  const bad = [...minutes(-60, 0, 90), ...minutes(0, 10, 0)];
  const verdict = says(14, { minutes: bad });
  expect(verdict.kind).toBe('pass');
  expect(verdict.long).toMatchObject({ bad: 0, minutes: 10 });
});

test('a spike alone is no breach: the long window does not burn', () => {
  const spike = [...before, ...minutes(0, 30, 0), ...minutes(30, 35, 2)];
  expect(says(35, { minutes: spike })).toMatchObject({ kind: 'pass', short: { burn: expect.closeTo(20, 5) } });
  expect(says(35, { minutes: [...before, ...minutes(0, 35, 2)] }).kind).toBe('breach');
});

test('a past burn alone is no breach: the short window does not burn', () => {
  const cured = [...before, ...minutes(0, 30, 3), ...minutes(30, 40, 0)];
  expect(says(44, { minutes: cured })).toMatchObject({ kind: 'pass', long: { burn: expect.closeTo(22.5, 5) } });
});

test('the short window has to be full first', () => {
  expect(says(4, { minutes: [...before, ...minutes(0, 4, 50)] }).kind).not.toBe('breach');
  expect(says(5, { minutes: [...before, ...minutes(0, 5, 50)] }).kind).toBe('breach');
});

test('the worst guard speaks for the stage, breach before everything', () => {
  const verdicts = Object.fromEntries(verdictKinds.map((kind) => [kind, { ...says(10, {}), kind }]));
  for (const [index, kind] of verdictKinds.entries()) {
    for (const milder of verdictKinds.slice(index)) {
      expect(judgeStage([verdicts[milder]!, verdicts[kind]!], 0).kind).toBe(kind);
      expect(judgeStage([verdicts[kind]!, verdicts[milder]!], 0).kind).toBe(kind);
    }
  }
  expect(judgeStage([], 0)).toMatchObject({ kind: 'pass', guards: [] });
});

const anyMinute = fc.record({
  at: fc.integer({ min: -20, max: 60 }).map((minute) => effectAt + minute * minuteMs),
  bad: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constant(Number.NaN), fc.constant(-1)),
  total: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.constant(Number.POSITIVE_INFINITY)),
});

test('whatever is read: it passes only on data that are there and calm, and breaches only on data that burn', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(anyMinute, { selector: ({ at }) => at }),
      fc.integer({ min: 0, max: 70 }),
      (all, after) => {
        const verdict = says(after, { minutes: all });
        const { short, long, over } = verdict;
        for (const burn of [short.burn, long.burn]) expect(burn === null || Number.isFinite(burn)).toBe(true);
        if (verdict.kind === 'breach') {
          expect(Math.min(short.burn!, long.burn!)).toBeGreaterThanOrEqual(over * (1 - 1e-9));
          expect(long.bad).toBeGreaterThanOrEqual(5);
        }
        if (verdict.kind === 'pass') {
          expect(long.total).toBeGreaterThanOrEqual(100);
          expect(Math.min(short.burn ?? 0, long.burn ?? 0)).toBeLessThan(over);
          expect(verdict.dataTo!).toBeGreaterThanOrEqual(effectAt + after * minuteMs - settle - 3 * minuteMs);
        }
      },
    ),
  );
});

test('taking minutes away never lets it pass', () => {
  const whole = [...before, ...minutes(0, 12, 0)];
  expect(says(14, { minutes: whole }).kind).toBe('pass');
  fc.assert(
    fc.property(fc.subarray(whole.slice(10), { maxLength: 8 }), (some) => {
      expect(says(14, { minutes: [...before, ...some] }).kind).not.toBe('pass');
    }),
  );
});
