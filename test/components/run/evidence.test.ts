import { expect, test } from 'vitest';
import { evidenceLines } from '#app/components/run/evidence.ts';

test('evidence is read as named lines: texts one below the other, moments as moments, nothing else', () => {
  expect(
    evidenceLines({ counted: '2 lines', newest: ['one', 'two'], endsAt: 5, revision: null, deep: { a: 1 } }),
  ).toEqual([
    { name: 'counted', value: '2 lines', at: null },
    { name: 'newest', value: 'one\ntwo', at: null },
    { name: 'ends', value: '5', at: 5 },
  ]);
  expect(evidenceLines(null)).toEqual([]);
});
