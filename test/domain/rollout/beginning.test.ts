import { expect, test } from 'vitest';
import { beginningAt, stagesAbove } from '#app/domain/rollout/beginning.ts';
import { typedPlan } from '#app/domain/rollout/typed-plan.ts';

test.each([
  ['1 % for 15m\n5 % for 10m\n25 % for 30m', '5 % for 10m\n25 % for 30m'],
  ['1 % for 15m by voice\n25 % for 30m', '5 % for 15m by voice\n25 % for 30m'],
  ['25 % for 30m by voice\n100 % for 1h', '5 % for 30m by voice\n25 % for 30m by voice\n100 % for 1h'],
  ['1 % for 15m', '5 % for 15m'],
])('%j begun at 5 %% is %j', (stages, begun) => {
  expect(beginningAt(stages, 5)).toBe(begun);
});

const usual = typedPlan(null, [], 'service', []).stages;

test.each([
  [usual, 0, usual],
  [usual, 1, '5 % for 15m\n25 % for 30m\n100 % for 1h'],
  [usual, 24.5, '25 % for 30m\n100 % for 1h'],
  [usual, 25, '60 % for 30m\n100 % for 1h'],
  [usual, 50, '75 % for 30m\n100 % for 1h'],
  [usual, 99, '100 % for 1h'],
  [usual, 100, '100 % for 1h'],
  // As a file declares them: with who approves, and not up to everyone.
  ['5 % for 10m by voice\n50 % for 1h', 5, '25 % for 10m by voice\n50 % for 1h'],
  ['5 % for 10m\n50 % for 1h by voice', 50, '75 % for 1h by voice\n100 % for 1h by voice'],
])('%j above %d %% is %j', (stages, stands, above) => {
  expect(stagesAbove(stages, stands)).toBe(above);
});

test('whatever stands below everyone, the usual stages begin above it and end at 100 %', () => {
  for (let stands = 0; stands < 100; stands += 1) {
    const shares = stagesAbove(usual, stands)
      .split('\n')
      .map((line) => Number.parseInt(line, 10));
    expect([stands, ...shares]).toEqual([...new Set([stands, ...shares])].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(100);
  }
});
