import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binomialAtLeast, chanceAsHigh, chanceAsLow, poissonAtLeast } from '#app/domain/slo/statistics.ts';

function binomialBySum(k: number, n: number, p: number): number {
  let sum = 0;
  for (let i = k; i <= n; i++) {
    let term = p ** i * (1 - p) ** (n - i);
    for (let j = 0; j < i; j++) term *= (n - j) / (j + 1);
    sum += term;
  }
  return sum;
}

describe('tail probabilities', () => {
  test('the binomial tail is the sum of its terms', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.nat(40),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (n, k, p) => {
          expect(binomialAtLeast(k, n, p)).toBeCloseTo(k > n ? 0 : binomialBySum(k, n, p), 9);
        },
      ),
    );
  });

  test.each([
    [1, 0.01, 1 - Math.exp(-0.01)],
    [3, 2, 1 - Math.exp(-2) * (1 + 2 + 2)],
    [10, 10, 0.5420702855],
    [0, 5, 1],
  ])('P(at least %i | mean %d)', (k, mean, expected) => {
    expect(poissonAtLeast(k, mean)).toBeCloseTo(expected, 9);
  });

  test('far tails keep their size instead of vanishing in rounding', () => {
    // P(X ≥ 60 | 30), a published table's 8.9e-7 within its rounding.
    expect(poissonAtLeast(60, 30)).toBeGreaterThan(1e-7);
    expect(poissonAtLeast(60, 30)).toBeLessThan(1e-6);
    expect(poissonAtLeast(10_000, 9000)).toBeLessThan(1e-20);
    expect(poissonAtLeast(9000, 10_000)).toBeCloseTo(1, 9);
  });

  test('equal rates are no surprise, ten times the rate is, and a small sample proves nothing', () => {
    const before = { bad: 1399, total: 53_800 };
    expect(chanceAsHigh({ bad: 280, total: 10_760 }, before)).toBeGreaterThan(0.3);
    expect(chanceAsHigh({ bad: 2800, total: 10_760 }, before)).toBeLessThan(1e-100);
    expect(chanceAsLow({ bad: 3, total: 10_760 }, before)).toBeLessThan(1e-50);
    expect(chanceAsLow({ bad: 0, total: 20 }, before)).toBeGreaterThan(0.5);
    expect(chanceAsHigh({ bad: 5, total: 0 }, before)).toBe(1);
  });

  test('more bad events are never less of a surprise', () => {
    const count = fc.record({ bad: fc.nat(500), total: fc.integer({ min: 500, max: 50_000 }) });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 100 }), (a, b, more) => {
        expect(chanceAsHigh({ ...a, bad: a.bad + more }, b)).toBeLessThanOrEqual(chanceAsHigh(a, b) + 1e-9);
      }),
    );
  });
});
