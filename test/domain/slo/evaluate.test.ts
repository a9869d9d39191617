import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heldTier } from '#app/domain/alert/held-tier.ts';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { createSeries, hourMs, loadHour, type MinuteSeries, minuteMs, setMinute } from '#app/domain/slo/series.ts';
import type { Tier } from '#app/domain/slo/slo.ts';
import { anSlo, filled, monday } from './make.ts';

const slo = anSlo();
const profile = defaultProfile(slo.period);
const day = 24 * hourMs;
const evaluate = (series: MinuteSeries, at: number, of = slo) => evaluateSlo({ slo: of, profile, series, at });

/** Three calm days before Monday at 1,000 requests a minute, then what `count` says until `to`. */
function calmThen(to: number, count: (minute: number) => { bad: number; total: number } | null): MinuteSeries {
  return filled(monday - 3 * day, to, (at) =>
    at < monday ? { bad: 0, total: 1000 } : count((at - monday) / minuteMs),
  );
}

describe('timing of the SRE Workbook', () => {
  test('15 % errors for 10 min at 99.9 % page at +6 min and clear at +15 min', () => {
    const series = calmThen(monday + 60 * minuteMs, (minute) => ({ bad: minute < 10 ? 150 : 0, total: 1000 }));
    let open: Tier | null = null;
    const seen: [number, Tier | null][] = [];
    for (let minute = 1; minute <= 30; minute++) {
      const next = heldTier(open, evaluate(series, monday + minute * minuteMs), profile);
      if (next !== undefined && next !== open) seen.push([minute, next]);
      if (next !== undefined) open = next;
    }
    expect(seen.filter(([, tier]) => tier === null || tier === 'page-fast')).toEqual([
      [6, 'page-fast'],
      [15, null],
    ]);
  });

  test('a total outage at 99.9 % pages after one minute: 0.86 min of the hour is enough', () => {
    const series = calmThen(monday + 60 * minuteMs, () => ({ bad: 1000, total: 1000 }));
    expect(evaluate(series, monday).tier).toBeNull();
    expect(evaluate(series, monday + minuteMs)).toMatchObject({ tier: 'page-fast', factor: expect.closeTo(14.4, 9) });
  });

  test('an error ratio of exactly 1.44 % pages, one just under does not', () => {
    const at = (bad: number) =>
      evaluate(
        filled(monday - 3 * hourMs, monday, () => ({ bad, total: 1_000_000 })),
        monday,
      ).windows['1h'];
    expect(at(14_400).burn).toBeCloseTo(14.4, 9);
    const tier = (bad: number) =>
      evaluate(
        filled(monday - hourMs, monday, () => ({ bad, total: 1_000_000 })),
        monday,
      ).tier;
    expect(tier(14_400)).toBe('page-fast');
    expect(tier(14_399)).not.toBe('page-fast');
  });

  test('1 failure in 10 requests an hour at 99.9 % burns 100×, not 1,000×', () => {
    const series = filled(monday - hourMs, monday, (at) => ({
      bad: at === monday - 3 * minuteMs ? 1 : 0,
      total: (at / minuteMs) % 6 === 0 ? 1 : 0,
    }));
    setMinute(series, monday / minuteMs - 3, 1, 1);
    const { bad, total, burn } = evaluate(series, monday).windows['1h'];
    expect([bad, total]).toEqual([1, 11]);
    expect(burn).toBeCloseTo(1000 / 11, 6);
  });

  test('35× empties a month in 20.57 h', () => {
    const series = createSeries();
    for (let hour = monday / hourMs - 720; hour < monday / hourMs - 1; hour++) {
      loadHour(series, hour, { bad: 0, total: 60_000, known: 60, minutes: null });
    }
    filled(monday - 60 * minuteMs, monday, () => ({ bad: 0, total: 1000 }), series);
    for (let minute = -5; minute < 0; minute++) setMinute(series, monday / minuteMs + minute, 35, 1000);
    const { exhaustion, period } = evaluate(series, monday);
    expect(period.coverage).toBeCloseTo(1, 2);
    const hours = ((exhaustion?.at ?? 0) - monday) / hourMs;
    expect(hours / (period.budgetRemaining ?? 0)).toBeCloseTo(20.57, 2);
    expect(exhaustion?.earliest).toBeLessThan(exhaustion?.at ?? 0);
    expect(exhaustion?.latest).toBeGreaterThan(exhaustion?.at ?? 0);
  });
});

describe('the numbers of a period', () => {
  test('are event-weighted: 715 of 720 good slices are 99.305 %, whatever the minutes they came in', () => {
    const series = filled(monday - day, monday, (at) => ({ bad: 0, total: at === monday - minuteMs ? 700 : 0 }));
    setMinute(series, monday / minuteMs - 2, 5, 20);
    const { period } = evaluate(series, monday, anSlo({ objective: 0.99 }));
    expect(period.sli).toBeCloseTo(0.993_055_6, 7);
    expect(period.budgetRemaining).toBeCloseTo(1 - 5 / 720 / 0.01, 9);
  });

  test('a calendar month in Vienna begins at its own midnight and has its whole budget back at the next', () => {
    const period = {
      kind: 'calendar',
      unit: 'month',
      timeZone: 'Europe/Vienna',
      start: Date.UTC(2025, 11, 31, 23),
    } as const;
    const of = anSlo({ period });
    const series = filled(monday - day, monday, () => ({ bad: 20, total: 1000 }));
    const evaluation = evaluateSlo({ slo: of, profile: defaultProfile(period), series, at: monday });
    expect(evaluation.period.end).toBe(Date.UTC(2026, 10, 30, 23));
    expect(evaluation.recovery).toEqual({ at: Date.UTC(2026, 10, 30, 23), budgetRemaining: 1 });
  });

  test('more bad events never lower a burn, in any window', () => {
    const series = filled(monday - day, monday, () => ({ bad: 3, total: 1000 }));
    const before = evaluate(series, monday);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1440 }), fc.integer({ min: 3, max: 1000 }), (back, bad) => {
        const minute = monday / minuteMs - back;
        setMinute(series, minute, bad, 1000);
        const after = evaluate(series, monday);
        for (const name of ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const) {
          expect(after.windows[name].burn!).toBeGreaterThanOrEqual(before.windows[name].burn! - 1e-12);
        }
        expect(after.period.budgetRemaining!).toBeLessThanOrEqual(before.period.budgetRemaining!);
        setMinute(series, minute, 3, 1000);
      }),
    );
  });
});

describe('honest answers', () => {
  const calm = () => ({ bad: 0, total: 1000 });

  test('zero traffic: "no traffic", burn is not computed, and the period goes on from its events', () => {
    const series = filled(monday - 2 * hourMs, monday, (at) => ({ bad: 0, total: at < monday - hourMs ? 10 : 0 }));
    const evaluation = evaluate(series, monday);
    expect(evaluation).toMatchObject({ condition: 'no-traffic', tier: null, period: { total: 600, sli: 1 } });
    expect(evaluation.windows['5m'].burn).toBeNull();
    expect(evaluation.windows['1h'].burn).toBeNull();
    expect(JSON.stringify(evaluation)).not.toMatch(/NaN|Infinity/);
  });

  test('the bad series was never created: 0 bad, not unknown', () => {
    expect(evaluate(filled(monday - hourMs, monday, calm), monday).windows['1h']).toMatchObject({
      bad: 0,
      burn: 0,
      coverage: 1,
    });
  });

  test('a gap: coverage says so, and unmeasured minutes are no uptime', () => {
    const gap = (at: number) =>
      at >= monday - 30 * minuteMs && at < monday - 10 * minuteMs ? null : { bad: 10, total: 1000 };
    const { windows } = evaluate(filled(monday - hourMs, monday, gap), monday);
    expect(windows['1h'].coverage).toBeCloseTo(40 / 60, 9);
    expect(windows['1h'].burn).toBeCloseTo(10, 9);
    expect(windows['30m'].coverage).toBeCloseTo(1 / 3, 9);
  });

  test('less history than the window: it clips, says so, and a long window under half neither pages nor tickets', () => {
    const half = (minutes: number) =>
      evaluate(
        filled(monday - minutes * minuteMs, monday, () => ({ bad: 100, total: 1000 })),
        monday,
      );
    expect(half(29)).toMatchObject({ tier: null, windows: { '1h': { burn: expect.closeTo(100, 6) } } });
    expect(half(30).tier).toBe('page-fast');
    expect(half(30).windows['1h'].coverage).toBe(0.5);
  });

  test('low traffic is gated on bad events, never on traffic', () => {
    const few = filled(monday - 3 * hourMs, monday, (at) => ({ bad: (at / minuteMs) % 30 === 0 ? 1 : 0, total: 1 }));
    setMinute(few, monday / minuteMs - 1, 1, 1);
    expect(evaluate(few, monday, anSlo({ minBadEvents: 10 })).tier).toBeNull();
    expect(evaluate(few, monday, anSlo({ minBadEvents: 1 })).tier).toBe('page-fast');
    const outage = filled(monday - 3 * hourMs, monday, () => ({ bad: 1, total: 1 }));
    expect(evaluate(outage, monday, anSlo({ minBadEvents: 10 })).tier).toBe('page-fast');
  });

  test('more good than all: a data error with both numbers, and no alert from it', () => {
    const series = filled(monday - hourMs, monday, () => ({ bad: -50, total: 1000 }));
    const evaluation = evaluate(series, monday);
    expect(evaluation).toMatchObject({ condition: 'data-error', tier: null, exhaustion: null });
    expect(evaluation.reason).toMatch(/5,250 good events of only 5,000/);
    expect(heldTier('page-fast', evaluation, profile)).toBeUndefined();
  });

  test('a source that does not answer: the last known numbers, and nothing fires or clears', () => {
    const series = filled(monday - hourMs, monday, () => ({ bad: 100, total: 1000 }));
    const at = monday + 30 * minuteMs;
    const stale = evaluateSlo({ slo, profile, series, at, stale: { error: 'UNAVAILABLE', since: at - 60_000 } });
    expect(stale).toMatchObject({ condition: 'stale', at: monday, dataTo: monday });
    expect(stale.windows).toEqual(evaluate(series, monday).windows);
    expect(heldTier(null, stale, profile)).toBeUndefined();
    expect(heldTier('page-fast', stale, profile)).toBeUndefined();
  });

  test('a source that answers without data: no-data, and nothing fires or clears', () => {
    const series = filled(monday - hourMs, monday, () => ({ bad: 100, total: 1000 }));
    const blind = evaluate(series, monday + 6 * minuteMs);
    expect(blind).toMatchObject({ condition: 'no-data', dataTo: monday });
    expect(heldTier(null, blind, profile)).toBeUndefined();
    expect(evaluate(createSeries(), monday)).toMatchObject({ condition: 'no-data', dataTo: null, tier: null });
  });
});

describe('traffic that vanished', () => {
  const weeks = (series: MinuteSeries, rate: number) => {
    for (let week = 1; week <= 4; week++) {
      for (let hour = -30; hour <= 1; hour++) {
        loadHour(series, monday / hourMs + hour - 168 * week, { bad: 0, total: rate * 60, known: 60, minutes: null });
      }
    }
    return series;
  };
  const until = (rate: number, after: (minute: number) => number) =>
    weeks(
      filled(monday - 3 * day, monday + 30 * minuteMs, (at) => ({
        bad: 0,
        total: at < monday ? rate : after((at - monday) / minuteMs),
      })),
      rate,
    );

  test('pages after 5 minutes under a tenth of the usual, and lets go when traffic is back', () => {
    const series = until(100, (minute) => (minute < 10 ? 5 : 100));
    expect(evaluate(series, monday + 4 * minuteMs).condition).toBe('ok');
    const gone = evaluate(series, monday + 5 * minuteMs);
    expect(gone).toMatchObject({ condition: 'traffic-vanished', tier: 'page-fast' });
    expect(gone.reason).toBe('Traffic vanished: 25 requests in 5 minutes where about 500 are usual at this hour.');
    const back = evaluate(series, monday + 15 * minuteMs);
    expect(back).toMatchObject({ condition: 'ok', tier: null });
    expect(heldTier('page-fast', back, profile)).toBeNull();
  });

  test('while minutes are unknown and the known ones lack their traffic, it neither pages nor lets go', () => {
    const series = until(100, (minute) => (minute < 10 ? 5 : 100));
    setMinute(series, monday / minuteMs + 8, Number.NaN, Number.NaN);
    const partly = evaluate(series, monday + 10 * minuteMs);
    expect(partly).toMatchObject({ condition: 'no-data', tier: null });
    expect(partly.reason).toBe('Only 4 of the last 5 minutes are known, and the usual traffic is not in them.');
    expect(heldTier('page-fast', partly, profile)).toBeUndefined();
  });

  test('a load balancer that sends nothing at all is that too, not merely "no traffic"', () => {
    expect(
      evaluate(
        until(100, () => 0),
        monday + 5 * minuteMs,
      ).condition,
    ).toBe('traffic-vanished');
  });

  test('says nothing without a baseline, at a trickle, or where every day pauses at this minute', () => {
    const noWeeks = filled(monday - day, monday + 5 * minuteMs, (at) => ({ bad: 0, total: at < monday ? 100 : 0 }));
    expect(evaluate(noWeeks, monday + 5 * minuteMs).condition).toBe('no-traffic');
    expect(
      evaluate(
        until(2, () => 0),
        monday + 5 * minuteMs,
      ).condition,
    ).toBe('no-traffic');
    const pausing = weeks(
      filled(monday - 3 * day, monday + 5 * minuteMs, (at) => ({ bad: 0, total: at % day < 10 * minuteMs ? 0 : 100 })),
      80,
    );
    expect(evaluate(pausing, monday + 5 * minuteMs).condition).toBe('no-traffic');
  });
});

describe('forecasts', () => {
  /** Thirty days: calm at 0.3×, but one bad hour `ago` hours back, then the last hour at `burn`. */
  function month(burn: number, ago: number, badHour: number): MinuteSeries {
    const series = createSeries();
    const last = monday / hourMs;
    for (let hour = last - 721; hour < last - 1; hour++) {
      const bad = hour === last - ago ? badHour : 18;
      loadHour(series, hour, { bad, total: 60_000, known: 60, minutes: null });
    }
    return filled(monday - hourMs, monday, () => ({ bad: burn, total: 1000 }), series);
  }

  test('the budget lasts longer than remaining · period / burn where old errors age out meanwhile', () => {
    const { exhaustion, period } = evaluate(month(20, 718, 12_000), monday);
    const left = period.budgetRemaining!;
    expect(exhaustion?.withoutAgeing).toBeCloseTo(monday + (left * 30 * day) / 20, -4);
    expect(exhaustion!.at).toBeGreaterThan(exhaustion!.withoutAgeing! + hourMs);
  });

  test('a budget that is gone is not announced as still to go; a calm service names no end', () => {
    expect(evaluate(month(50, 100, 60_000), monday)).toMatchObject({
      exhaustion: null,
      period: { budgetRemaining: expect.any(Number) },
      recovery: { budgetRemaining: 0.2 },
    });
    expect(evaluate(month(0, 100, 18), monday)).toMatchObject({ exhaustion: null, recovery: null });
  });

  test('fixed now, the budget is back when the old bad hour ages out', () => {
    const { recovery, period } = evaluate(month(20, 600, 15_000), monday);
    expect(period.budgetRemaining).toBeLessThan(0.5);
    expect(recovery?.budgetRemaining).toBe(0.5);
    const hours = (recovery!.at - monday) / hourMs;
    expect(hours).toBeGreaterThan(119);
    expect(hours).toBeLessThan(122);
  });

  test('says when a page lets go if every request succeeds from now on', () => {
    const series = filled(monday - 3 * day, monday, (at) => ({
      bad: at < monday - 30 * minuteMs ? 0 : 200,
      total: 1000,
    }));
    const { clearing, tier } = evaluate(series, monday);
    expect(tier).toBe('page-fast');
    // 200× over 30 min is 16.7× over 6 h: the slow pair holds the page until its 30 minutes have passed.
    for (let minute = 0; minute < 7 * 60; minute++) setMinute(series, monday / minuteMs + minute, 0, 1000);
    const pagesAt = (at: number) => evaluate(series, at).tier?.startsWith('page') ?? false;
    expect(pagesAt(clearing!.page! - minuteMs)).toBe(true);
    expect(pagesAt(clearing!.page!)).toBe(false);
    expect(evaluate(series, clearing!.all! - minuteMs).tier).not.toBeNull();
    expect(evaluate(series, clearing!.all!).tier).toBeNull();
  });
});
