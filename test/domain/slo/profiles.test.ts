import { describe, expect, test } from 'vitest';
import { defaultProfile, profileProblems } from '#app/domain/slo/profiles.ts';

describe('burn profiles', () => {
  test.each([
    [30, [14.4, 6, 3, 1]],
    [28, [13.44, 5.6, 2.8, 0.9333]],
  ])('factors of the default profile over %i days', (days, factors) => {
    const profile = defaultProfile({ kind: 'rolling', days });
    expect(profile.tiers.map(({ factor }) => Number(factor.toFixed(4)))).toEqual(factors);
  });

  test('a window at its factor takes its share of the budget: 1 h at 14.4× is 2 %, 6 h at 6× is 5 %, 3 d at 1× is 10 %', () => {
    const shares = defaultProfile({ kind: 'rolling', days: 30 }).tiers.map(({ tier, factor, long }) => {
      const hours = { '1h': 1, '6h': 6, '1d': 24, '3d': 72 }[long as '1h'];
      return [tier, (factor * hours) / 720];
    });
    expect(shares.map(([, share]) => Number((share as number).toFixed(6)))).toEqual([0.02, 0.05, 0.1, 0.1]);
  });

  test('names tiers that can never fire, a foreign period and an objective of 100 %', () => {
    const month = { kind: 'rolling', days: 30 } as const;
    const profile = defaultProfile(month);
    expect(profileProblems(profile, 0.999, month)).toEqual([]);
    expect(profileProblems(profile, 0.93, month)).toEqual([
      'tier page-fast asks for 14.4×, and the largest possible burn rate is 14.3×: it can never fire',
    ]);
    expect(profileProblems(profile, 0.999, { kind: 'rolling', days: 28 })[0]).toMatch(/30 days.*28/);
    expect(profileProblems(profile, 1, month)[0]).toMatch(/100 %/);
  });
});
