import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, nearest } from '#app/domain/yaml/nearest.ts';

test.each([
  ['srvice', ['service', 'slos'], 'service'],
  ['sevrice', ['service', 'slos'], 'service'],
  ['TARGET', ['target', 'targetPercent'], 'target'],
  ['voiceover-v3', ['voiceover-v2', 'voiceover-fallback'], 'voiceover-v2'],
  ['x', ['y'], null],
  ['something-else', ['service'], null],
])('%s is nearest to one of %j: %s', (name, candidates, expected) => {
  expect(nearest(name, candidates)).toBe(expected);
});

test('a hint names the nearest, else a short list, else nothing', () => {
  expect(didYouMean('stats', ['state', 'owner'])).toBe('Did you mean "state"?');
  expect(didYouMean('zzz', ['state', 'owner'])).toBe('Known here: state, owner.');
  expect(didYouMean('zzz', [])).toBeNull();
});

const names = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), minLength: 1, maxLength: 12 });

/** The whole table of distances, without any short cut. */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const [above, same] = [rows[i - 1]!, a[i - 1] === b[j - 1]];
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

test('of many candidates it is the first at the least distance, at most a third of the length', () => {
  fc.assert(
    fc.property(names, fc.array(names, { maxLength: 8 }), (name, candidates) => {
      const distances = candidates.map((candidate) => distance(name, candidate));
      const least = Math.min(...distances);
      const expected = least <= name.length / 3 ? candidates[distances.indexOf(least)] : null;
      expect(nearest(name, candidates)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

test('swapped neighbours at the very end of a long name still count once', () => {
  expect(nearest('checkout-latency-burn', ['checkout-latency-brun', 'checkout-latency-bunr-x'])).toBe(
    'checkout-latency-brun',
  );
});
