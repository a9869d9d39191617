import { describe, expect, test } from 'vitest';
import { baselineBefore } from '#app/domain/slo/baseline.ts';
import { type MinuteSeries, minuteMs } from '#app/domain/slo/series.ts';
import { firstInformativeAt, judge } from '#app/domain/slo/verification.ts';
import { filled, monday } from './make.ts';

const effectAt = monday + 20_000;
const settleMs = 4 * minuteMs;
const requirement = { slo: 'voiceover-availability', burnUnder: 1, window: '5m', within: 15 * minuteMs };
const baseline = { bad: 1399, total: 53_800 };

/** An hour of 26× before the effect, then what `after` says of each whole minute since. */
function world(minutes: number, after: (minute: number) => { bad: number; total: number } | null): MinuteSeries {
  return filled(monday - 60 * minuteMs, monday + (minutes + 1) * minuteMs, (at) =>
    at <= monday ? { bad: 93, total: 3587 } : after((at - monday) / minuteMs - 1),
  );
}
const look = (series: MinuteSeries, minutes: number, over: Partial<Parameters<typeof judge>[0]> = {}) =>
  judge({
    requirement,
    effectAt,
    objective: 0.999,
    series,
    settleMs,
    now: monday + minutes * minuteMs,
    baseline,
    ...over,
  });
const cured = { bad: 1, total: 3587 };

describe('verification', () => {
  test('counts down to the first minute at which the window is full of settled data from after the effect', () => {
    expect(firstInformativeAt(effectAt, '5m', settleMs)).toBe(monday + 10 * minuteMs);
    expect(firstInformativeAt(monday, '5m', settleMs)).toBe(monday + 9 * minuteMs);
    expect(() => firstInformativeAt(monday, 'soon', settleMs)).toThrow(RangeError);
  });

  test('only minutes that began after the effect count: a cure is verified at the first informative minute, not before', () => {
    const series = world(12, () => cured);
    expect(look(series, 9.9)).toMatchObject({ outcome: null, provisional: true });
    expect(look(series, 10)).toMatchObject({
      outcome: 'improved',
      provisional: false,
      coverage: 1,
      bad: 5,
      total: 17_935,
      deadline: effectAt + 15 * minuteMs,
      text: 'Burning 0.3×, under 1×: 5 of 17,935 failed, against 1,399 of 53,800 before.',
    });
  });

  test('before any data it says so, and counts nothing from before the effect', () => {
    expect(
      look(
        world(-1, () => null),
        2,
      ),
    ).toMatchObject({
      outcome: null,
      bad: 0,
      total: 0,
      burn: null,
      text: 'No data from after the effect yet.',
    });
  });

  test('a missing minute is never success: it keeps looking, and ends as not enough data', () => {
    const series = world(16, (minute) => (minute % 4 === 2 ? null : cured));
    for (let minutes = 0; minutes < 15; minutes++) expect(look(series, minutes).outcome).toBeNull();
    const end = look(series, 15.4);
    expect(end.outcome).toBe('no_data');
    expect(end.text).toMatch(/missing data is never success/);
  });

  test('no traffic after the effect is no success either', () => {
    const end = look(
      world(16, () => ({ bad: 0, total: 0 })),
      15.4,
    );
    expect(end.outcome).toBe('no_data');
    expect(end.burn).toBeNull();
  });

  test('no data at all ends at the deadline', () => {
    expect(
      look(
        world(-1, () => null),
        15.4,
      ),
    ).toMatchObject({ outcome: 'no_data' });
  });

  test('too few failures expected: a thin service waits for more minutes instead of believing a lucky window', () => {
    const thin = { bad: 52, total: 2000 };
    const series = world(16, () => ({ bad: 0, total: 60 }));
    expect(look(series, 10, { baseline: thin }).outcome).toBeNull();
    expect(look(series, 15.3, { baseline: thin }).outcome).toBe('improved');
    const thinner = world(16, () => ({ bad: 0, total: 10 }));
    expect(look(thinner, 15.4, { baseline: thin })).toMatchObject({ outcome: 'no_data' });
  });

  test('what did not burn before cannot improve', () => {
    const series = world(16, () => cured);
    expect(look(series, 15.4, { baseline: { bad: 16, total: 53_800 } }).outcome).toBe('no_data');
  });

  test('nothing changed: not improved, at the deadline and not before', () => {
    const series = world(16, () => ({ bad: 93, total: 3587 }));
    expect(look(series, 15.2).outcome).toBeNull();
    expect(look(series, 15.4)).toMatchObject({ outcome: 'not_improved', provisional: false });
  });

  test('slow instances for some minutes do not spoil a kill that works', () => {
    const series = world(16, (minute) => (minute < 3 ? { bad: 20, total: 3587 } : cured));
    expect(look(series, 10).outcome).toBeNull();
    expect(look(series, 13).outcome).toBe('improved');
  });

  test('harm is called on the first provisional minute, and not on noise', () => {
    expect(
      look(
        world(1, () => ({ bad: 250, total: 3587 })),
        2.5,
      ),
    ).toMatchObject({
      outcome: 'worse',
      provisional: true,
      text: 'Worse than before, on data that is still coming in: 250 of 3,587 failed, against 1,399 of 53,800 before.',
    });
    expect(
      look(
        world(1, () => ({ bad: 115, total: 3587 })),
        2.5,
      ).outcome,
    ).toBeNull();
  });

  test('failures that are visible before their successes are not taken for harm', () => {
    expect(
      look(
        world(1, () => ({ bad: 90, total: 90 })),
        2.5,
      ).outcome,
    ).toBeNull();
  });

  test('a healthy service that a change breaks is worse too', () => {
    const calm = filled(monday - 60 * minuteMs, monday + 2 * minuteMs, (at) => ({
      bad: at > monday ? 40 : 0,
      total: 1000,
    }));
    expect(look(calm, 3, { baseline: { bad: 0, total: 15_000 } }).outcome).toBe('worse');
  });

  test('bursty failures need more than a burst', () => {
    const series = world(1, () => ({ bad: 200, total: 3587 }));
    expect(look(series, 2.5).outcome).toBe('worse');
    expect(look(series, 2.5, { baseline: { ...baseline, dispersion: 30 } }).outcome).toBeNull();
  });
});

describe('the baseline', () => {
  const series = filled(monday - 60 * minuteMs, monday, (at) => ({
    bad: at >= monday - 20 * minuteMs ? 50 : 0,
    total: 1000,
  }));

  test('is the burn before the effect, at most 15 settled minutes of it', () => {
    const settledTo = monday - 4 * minuteMs;
    expect(baselineBefore(series, monday, { onset: monday - 20 * minuteMs, settledTo })).toMatchObject({
      bad: 750,
      total: 15_000,
    });
    expect(baselineBefore(series, monday - 10 * minuteMs, { onset: monday - 20 * minuteMs, settledTo })).toEqual({
      bad: 500,
      total: 10_000,
      dispersion: 1,
    });
  });

  test('without a settled minute since the onset it reaches back before it', () => {
    const at = { onset: monday - 2 * minuteMs, settledTo: monday - 4 * minuteMs };
    expect(baselineBefore(series, monday, at)).toMatchObject({ total: 15_000 });
  });

  test('measures how bursty the failures are', () => {
    const bursts = filled(monday - 20 * minuteMs, monday, (at) => ({
      bad: (at / minuteMs) % 5 ? 0 : 100,
      total: 1000,
    }));
    const { dispersion } = baselineBefore(bursts, monday, { onset: monday - 20 * minuteMs, settledTo: monday });
    expect(dispersion).toBeGreaterThan(50);
  });
});
