import { describe, expect, test } from 'vitest';
import { eventsLeftText } from '#app/domain/slo/budget-events.ts';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import { pageReasons } from '#app/domain/slo/page-reasons.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { sloWords } from '#app/domain/slo/sentence.ts';
import { createSeries, hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { cutSlices } from '#app/domain/slo/slices.ts';
import type { Slices, Slo } from '#app/domain/slo/slo.ts';
import { sloTiles } from '#app/domain/slo/tiles.ts';
import { slicesText } from '#app/domain/slo/units.ts';
import { pageSummary, type WordPart } from '#app/domain/slo/words.ts';
import { anSlo, filled, monday } from './make.ts';

const text = (parts: WordPart[]) =>
  parts
    .map((part) => (typeof part === 'string' ? part : 'em' in part && typeof part.em === 'string' ? part.em : '…'))
    .join('');

/** An hour in which `bad` of 100 events fail each minute since `from`, in slices. */
function evaluated(budgeting: Slices, bad: number, minutes = 20) {
  const slo: Slo = anSlo({ objective: 0.99, budgeting });
  const events = filled(monday - 3 * hourMs, monday, (at) => ({
    bad: at < monday - minutes * minuteMs ? 0 : bad,
    total: 100,
  }));
  const series = createSeries();
  cutSlices(events, series, budgeting, { from: (monday - 3 * hourMs) / minuteMs, to: monday / minuteMs });
  const profile = defaultProfile(slo.period);
  return { slo, profile, evaluation: evaluateSlo({ slo, profile, series, events, at: monday }) };
}

const five: Slices = { method: 'Timeslices', minutes: 5, target: 0.95 };

describe('an SLO in slices says slices', () => {
  test('in the sentence, the tiles, the reasons and the page', () => {
    const { slo, profile, evaluation } = evaluated(five, 10);
    expect(text(sloWords(slo, evaluation).sentence)).toMatch(/^Every slice is bad: burning 100×\./);
    const details = sloTiles(slo, evaluation).map(({ detail }) => detail);
    expect(details).toContain('1 of 1');
    expect(evaluation.windows['1h']).toMatchObject({ bad: 4, total: 12 });
    const { why, clears } = pageReasons(slo, evaluation, profile);
    expect(text(why)).toContain('the last hour burns 33.3× (4 of 12)');
    expect(text(clears)).toContain('if every slice is good from now on');
    expect(pageSummary(slo, evaluation, null)).toContain('voiceover: nearly all slices bad, 100×');
    expect(eventsLeftText(slo, { allowed: 3, left: 2.2 })).toBe('2 bad slices left');
  });

  test('under its target a slice is good, however many requests failed', () => {
    const { slo, evaluation } = evaluated(five, 5);
    expect(text(sloWords(slo, evaluation).sentence)).toMatch(/^No slice is bad now\./);
    expect(evaluation.period.sli).toBe(1);
  });

  test('of one minute it says minutes; by their share it says requests, and counts in parts', () => {
    const minute = evaluated({ ...five, minutes: 1 }, 10);
    expect(text(sloWords(minute.slo, minute.evaluation).sentence)).toMatch(/^Every minute is bad/);
    const shares = evaluated({ method: 'RatioTimeslices', minutes: 5 }, 10);
    const words = text(sloWords(shares.slo, shares.evaluation).sentence);
    expect(words).toMatch(/^1 request in 10 fails, in the mean of the slices: burning 10×/);
    expect(sloTiles(shares.slo, shares.evaluation).map(({ detail }) => detail)).toContain('0.1 of 1');
  });

  test('where no slice ended in five minutes it does not say that there is no traffic', () => {
    const long: Slices = { ...five, minutes: 60 };
    const slo: Slo = anSlo({ budgeting: long });
    const events = filled(monday - 3 * hourMs, monday + 30 * minuteMs, () => ({ bad: 0, total: 100 }));
    const series = createSeries();
    cutSlices(events, series, long, { from: (monday - 3 * hourMs) / minuteMs, to: monday / minuteMs + 30 });
    const at = monday + 30 * minuteMs;
    const evaluation = evaluateSlo({ slo, profile: defaultProfile(slo.period), series, events, at });
    expect(evaluation.condition).toBe('ok');
    expect(text(sloWords(slo, evaluation).sentence)).toMatch(/^No slice ended in the last 5 minutes\./);
    expect(sloTiles(slo, evaluation).map(({ value }) => value)).toContain('no slice');
  });

  test('traffic that vanished is found by the events, since without them no slice would be bad', () => {
    const slo: Slo = anSlo({ budgeting: five });
    const events = createSeries();
    filled(
      monday - 7 * 24 * hourMs - 3 * hourMs,
      monday - 7 * 24 * hourMs + 3 * hourMs,
      () => ({ bad: 0, total: 100 }),
      events,
    );
    filled(monday - 3 * hourMs, monday, (at) => ({ bad: 0, total: at < monday - 10 * minuteMs ? 100 : 0 }), events);
    const series = createSeries();
    cutSlices(events, series, five, { from: (monday - 3 * hourMs) / minuteMs, to: monday / minuteMs });
    const evaluation = evaluateSlo({ slo, profile: defaultProfile(slo.period), series, events, at: monday });
    expect(evaluation).toMatchObject({ condition: 'traffic-vanished', tier: 'page-fast' });
  });

  test('over a gauge its settings say what is held against what', () => {
    const indicator = { kind: 'gauge', source: { project: 'p', filter: 'f' }, op: 'lte', bound: 600 } as const;
    const gauge = (budgeting: Slices) => slicesText(anSlo({ indicator, budgeting }));
    expect(gauge({ ...five, minutes: 1, target: 1 })).toBe('minutes, each good while its worst value is at most 600');
    expect(gauge({ ...five, target: 0.8 })).toBe(
      'slices of 5 min, each good while in 80 % of its minutes the worst value is at most 600',
    );
  });

  test('its settings say how it counts', () => {
    expect(slicesText(anSlo({ budgeting: five }))).toBe('slices of 5 min, each good from 95 % good events on');
    expect(slicesText(anSlo({ budgeting: { method: 'Occurrences' } }))).toBeNull();
  });
});
