import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReplay } from '#app/domain/alert/replay.ts';
import { type AlertSpell, comparePages, replayAlerts } from '#app/domain/alert/what-if.ts';
import { newTable, sumUp } from '#app/domain/slo/minute-counts.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { spreadMinutes } from '#app/domain/slo/spread.ts';
import { anSlo, filled, monday } from '../slo/make.ts';
import { stored } from '../slo/stored.ts';

const slo = anSlo();
const profile = defaultProfile(slo.period);
const setting = { objective: slo.objective, profile, minBadEvents: 1 };
const day = 24 * hourMs;

/** Minutes from Monday on; `null` is unknown. */
function table(minutes: readonly ({ bad: number; total: number } | null)[]) {
  const counts = newTable(monday / minuteMs, minutes.length);
  for (const [i, minute] of minutes.entries()) {
    if (!minute) continue;
    [counts.bad[i], counts.total[i], counts.known[i]] = [minute.bad, minute.total, 1];
  }
  return sumUp(counts);
}

const stretches = fc.array(
  fc.record({
    length: fc.integer({ min: 1, max: 200 }),
    minute: fc.oneof(
      { weight: 1, arbitrary: fc.constant(null) },
      { weight: 6, arbitrary: fc.record({ bad: fc.integer({ min: 0, max: 40 }), total: fc.constantFrom(40, 1000) }) },
    ),
  }),
  { minLength: 1, maxLength: 10 },
);

describe('a replay of the tiers', () => {
  test('opens and closes alerts at the minutes at which the engine does', () => {
    fc.assert(
      fc.property(stretches, (all) => {
        const minutes = all.flatMap(({ length, minute }) => Array(length).fill(minute));
        const counts = table(minutes);
        const step = createReplay({ ...slo, minBadEvents: 1 }, profile, counts);
        let urgent = false;
        const opened: number[] = [];
        for (let end = 1; end <= minutes.length; end++) {
          const { tier } = step(monday + end * minuteMs);
          const pages = tier?.startsWith('page') ?? false;
          if (pages && !urgent) opened.push(monday + end * minuteMs);
          urgent = pages;
        }
        const { pages } = replayAlerts(counts, setting, { from: monday, to: monday + minutes.length * minuteMs });
        expect(pages[0]?.from).toBe(opened[0]);
        for (const at of opened) {
          expect(pages.some(({ from, to }) => from <= at && at < (to ?? Number.MAX_VALUE))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('of the SRE Workbook: 15 % for 10 min at 99.9 % pages at +6 min and clears at +15 min', () => {
    const minutes = Array.from({ length: 3 * 1440 + 60 }, (_, i) => ({
      bad: i >= 3 * 1440 && i < 3 * 1440 + 10 ? 150 : 0,
      total: 1000,
    }));
    const from = monday + 3 * day;
    const { pages } = replayAlerts(table(minutes), setting, { from, to: from + hourMs });
    expect(pages.map(({ from: at, tier }) => [(at - from) / minuteMs, tier])).toEqual([[6, 'page-fast']]);
  });

  test('a burn that comes back within two hours is the same page', () => {
    const burns = (i: number) => (i >= 1000 && i < 1015) || (i >= 1090 && i < 1105) || (i >= 1500 && i < 1515);
    const minutes = Array.from({ length: 1600 }, (_, i) => ({ bad: burns(i) ? 400 : 0, total: 1000 }));
    const { pages } = replayAlerts(table(minutes), setting, { from: monday, to: monday + 1600 * minuteMs });
    expect(pages.length).toBe(2);
  });

  test('an outage of everything pages on spread hours too', () => {
    const at = monday + 8 * day;
    const series = filled(monday, at, (when) => ({
      bad: when >= monday + day && when < monday + day + 3 * hourMs ? 70 : 0,
      total: 70,
    }));
    const counts = spreadMinutes(stored(series, at), monday, at);
    const { pages } = replayAlerts(counts, setting, { from: monday, to: at });
    expect(pages.length).toBe(1);
    expect(Math.abs(pages[0]!.from - monday - day)).toBeLessThan(hourMs);
  });
});

describe('spread minutes', () => {
  test('keep every event and every known minute, and are exact where the minutes are held', () => {
    const at = monday + 5 * day;
    const series = filled(monday, at, (when) => ((when / minuteMs) % 7 === 3 ? null : { bad: 1, total: 10 }));
    const kept = stored(series, at);
    const counts = spreadMinutes(kept, monday, at);
    const last = counts.known.length - 1;
    expect(counts.known[last]).toBe([...kept.hours.values()].reduce((sum, hour) => sum + hour.known, 0));
    expect(counts.bad[last]).toBeCloseTo(
      [...kept.hours.values()].reduce((sum, hour) => sum + hour.bad, 0),
      6,
    );
    const minute = (at - hourMs) / minuteMs - counts.first;
    expect([counts.total[minute + 1]! - counts.total[minute]!, counts.first]).toEqual([10, monday / minuteMs]);
  });
});

describe('a comparison', () => {
  const spell = (from: number, to: number | null): AlertSpell => ({
    from: monday + from * hourMs,
    to: to === null ? null : monday + to * hourMs,
    tier: 'page-fast',
  });
  test('tells pages that both have, pages gained and pages lost', () => {
    const now = [spell(0, 1), spell(20, 21)];
    const then = [spell(0.5, 2), spell(40, null)];
    expect(comparePages(now, then)).toEqual({
      kept: [{ present: now[0], other: then[0] }],
      gained: [then[1]],
      lost: [now[1]],
    });
  });
  test('a setting against itself changes nothing', () => {
    const same = [spell(0, 1), spell(20, null)];
    expect(comparePages(same, same)).toMatchObject({ gained: [], lost: [] });
  });
  test('a looser objective never pages for what a stricter one lets pass', () => {
    fc.assert(
      fc.property(stretches, (all) => {
        const minutes = all.flatMap(({ length, minute }) => Array(length).fill(minute));
        const range = { from: monday, to: monday + minutes.length * minuteMs };
        const [strict, loose] = [0.999, 0.99].map(
          (objective) => replayAlerts(table(minutes), { ...setting, objective }, range).pages,
        );
        expect(comparePages(strict!, loose!).gained).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
