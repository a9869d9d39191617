import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldTier } from '#app/domain/alert/held-tier.ts';
import { createReplay } from '#app/domain/alert/replay.ts';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { newTable, sumUp } from '#app/domain/slo/minute-counts.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { createSeries, hourMs, minuteMs, setMinute } from '#app/domain/slo/series.ts';
import { type Tier, windowNames } from '#app/domain/slo/slo.ts';
import { anSlo, monday } from '../slo/make.ts';

type Minute = { bad: number; total: number } | null;

/** The minutes from Monday on, as a replay has them. */
function replayed(minutes: readonly Minute[], slo = anSlo()) {
  const table = newTable(monday / minuteMs, minutes.length);
  for (const [at, minute] of minutes.entries()) {
    if (!minute) continue;
    table.known[at] = 1;
    table.bad[at] = minute.bad;
    table.total[at] = minute.total;
  }
  return createReplay(slo, defaultProfile(slo.period), sumUp(table));
}

const stretch = fc.record({
  length: fc.integer({ min: 1, max: 90 }),
  minute: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 5, arbitrary: fc.record({ bad: fc.integer({ min: 0, max: 40 }), total: fc.constantFrom(0, 40, 1000) }) },
  ),
});
const world = fc
  .array(stretch, { minLength: 1, maxLength: 12 })
  .map((all) =>
    all.flatMap(({ length, minute }) =>
      Array<Minute>(length).fill(minute && (minute.total === 0 ? { bad: 0, total: 0 } : minute)),
    ),
  );

describe('a replay', () => {
  test('says what the engine says of the same minutes: windows, condition and held tier', () => {
    const slo = anSlo({ minBadEvents: 5 });
    const profile = defaultProfile(slo.period);
    fc.assert(
      fc.property(world, (minutes) => {
        const step = replayed(minutes, slo);
        const series = createSeries();
        let tier: Tier | null = null;
        for (let end = 1; end <= minutes.length + 7; end++) {
          const minute = minutes[end - 1];
          if (minute) setMinute(series, monday / minuteMs + end - 1, minute.bad, minute.total);
          const at = monday + end * minuteMs;
          const engine = evaluateSlo({ slo, profile, series, at });
          const next = heldTier(tier, engine, profile);
          if (next !== undefined) tier = next;
          const { windows, condition, reason } = engine;
          expect(step(at)).toMatchObject({ windows, condition, reason, tier });
        }
      }),
      { numRuns: 20 },
    );
  });

  test('more bad events never lower a burn, nor raise the budget', () => {
    const length = 600;
    const bads = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: length, maxLength: length });
    fc.assert(
      fc.property(bads, fc.nat(length - 1), fc.integer({ min: 1, max: 70 }), (list, which, more) => {
        const minutes = list.map((bad) => ({ bad, total: 100 }));
        const worse = minutes.map((minute, at) => (at === which ? { ...minute, bad: minute.bad + more } : minute));
        const [before, after] = [minutes, worse].map((each) => replayed(each)(monday + length * minuteMs));
        for (const name of windowNames)
          expect(after!.windows[name].burn!).toBeGreaterThanOrEqual(before!.windows[name].burn!);
        expect(after!.period.budgetRemaining!).toBeLessThan(before!.period.budgetRemaining!);
      }),
      { numRuns: 50 },
    );
  });

  test('at a constant error ratio e a tier fires after B·L·f/e, and lets go short·(1 − B·f/e) after the errors stop', () => {
    const calm = Array<Minute>(4320).fill({ bad: 0, total: 1000 });
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 1000 }), (bad) => {
        const after = Math.ceil((60 * 14.4) / bad - 1e-9);
        const burning = Array<Minute>(after + 10).fill({ bad, total: 1000 });
        const step = replayed([...calm, ...burning, ...calm.slice(0, 10)]);
        const tiers = Array.from({ length: after + 20 }, (_, i) => step(monday + (4321 + i) * minuteMs).tier);
        expect(tiers.indexOf('page-fast')).toBe(after - 1);
        const cleared = Math.floor(5 * (1 - 14.4 / bad) + 1e-9) + 1;
        const last = tiers.lastIndexOf('page-fast') + 1 - (after + 10);
        expect(last).toBe(Math.min(5, cleared) - 1);
      }),
      { numRuns: 30 },
    );
  });

  test('99.95 % of a week are 5 min 2.4 s: that much outage is the whole budget', () => {
    const week = anSlo({ objective: 0.9995, period: { kind: 'rolling', days: 7 } });
    const minutes = Array.from({ length: 10_080 }, (_, i) => ({ bad: i < 5 ? 60 : i === 5 ? 2.4 : 0, total: 60 }));
    expect(replayed(minutes, week)(monday + 10_080 * minuteMs).period.budgetRemaining).toBeCloseTo(0, 9);
  });

  test('a period of 90 days counts all its minutes', () => {
    const slo = anSlo({ period: { kind: 'rolling', days: 90 } });
    const days = 91;
    const minutes = Array.from({ length: days * 1440 }, () => ({ bad: 1, total: 1000 }));
    expect(replayed(minutes, slo)(monday + days * 24 * hourMs).period).toEqual({
      bad: 129_600,
      total: 129_600_000,
      budgetRemaining: expect.closeTo(0, 9),
      coverage: 1,
    });
  });

  test('a page holds while there is no data, and clears on proof', () => {
    const minutes: Minute[] = [
      ...Array<Minute>(120).fill({ bad: 0, total: 1000 }),
      ...Array<Minute>(15).fill({ bad: 500, total: 1000 }),
      ...Array<Minute>(20).fill(null),
      ...Array<Minute>(30).fill({ bad: 0, total: 1000 }),
    ];
    const step = replayed(minutes);
    const tiers = Array.from({ length: minutes.length }, (_, i) => step(monday + (i + 1) * minuteMs).tier);
    expect(tiers.slice(124, 156).every((tier) => tier === 'page-fast')).toBe(true);
    expect(tiers[158]).not.toBe('page-fast');
  });
});
