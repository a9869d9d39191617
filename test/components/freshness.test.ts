import { expect, test } from 'vitest';
import { freshness } from '#app/components/freshness.ts';

test.each([
  ['fresh', { at: 100, error: null, errorAt: null }, 'fresh', null],
  ['old', { at: 10, error: null, errorAt: null }, 'stale', null],
  ['failing since', { at: 100, error: 'no answer', errorAt: 120 }, 'stale', 'no answer'],
  ['a failure that healed', { at: 130, error: 'no answer', errorAt: 120 }, 'fresh', null],
  ['never read', { at: null, error: 'no answer', errorAt: 120 }, 'never', 'no answer'],
] as const)('%s', (_name, read, state, error) => {
  expect(freshness(read, 150, 60)).toMatchObject({ state, error });
});
