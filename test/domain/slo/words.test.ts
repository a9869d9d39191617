import { describe, expect, test } from 'vitest';
import { evaluateSlo } from '#app/domain/slo/evaluate.ts';
import type { SloEvaluation } from '#app/domain/slo/evaluation.ts';
import {
  burnText,
  countText,
  durationText,
  objectiveText,
  shareText,
  windowBurnText,
} from '#app/domain/slo/figures.ts';
import { pageReasons } from '#app/domain/slo/page-reasons.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { sloWords } from '#app/domain/slo/sentence.ts';
import { createSeries, hourMs, loadHour, minuteMs } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { boundText, sloTiles } from '#app/domain/slo/tiles.ts';
import { failureText, incidentTitle, pageSummary, type WordPart } from '#app/domain/slo/words.ts';
import { anSlo, filled, monday } from './make.ts';

const slo = anSlo();
const profile = defaultProfile(slo.period);
const utc = (at: number) => new Date(at).toISOString().slice(11, 16);
const spoken = (parts: WordPart[]) =>
  parts
    .map((part) =>
      typeof part === 'string'
        ? part
        : 'em' in part && typeof part.em === 'string'
          ? part.em
          : 'at' in part
            ? `<${part.as} ${utc(part.at)}>`
            : '',
    )
    .join('');

/** The picture's incident: 30 days at 0.6×, then 38 minutes at 26×. */
function theIncident(of: Slo = slo): SloEvaluation {
  const series = createSeries();
  for (let hour = monday / hourMs - 721; hour < monday / hourMs - 72; hour++) {
    loadHour(series, hour, { bad: 374, total: 624_000, known: 60, minutes: null });
  }
  filled(monday - 72 * hourMs, monday, (at) => ({ bad: at < monday - 38 * minuteMs ? 6 : 270, total: 10_400 }), series);
  return evaluateSlo({ slo: of, profile: defaultProfile(of.period), series, at: monday });
}

describe('figures', () => {
  test.each([
    [26.04, '26×'],
    [15.34, '15.3×'],
    [0.3, '0.3×'],
    [0.01, 'under 0.1×'],
    [0, '0×'],
    [99.96, '100×'],
    [1234.5, '1,235×'],
  ])('burn %s is %s', (burn, text) => expect(burnText(burn)).toBe(text));

  test.each([
    ['a burn', { burn: 26.04, coverage: 0.1, total: 5 }, '26×'],
    ['a known quiet hour', { burn: null, coverage: 1, total: 0 }, 'no traffic'],
    ['a blind hour', { burn: null, coverage: 0, total: 0 }, 'no data'],
    ['an hour mostly blind', { burn: null, coverage: 0.4, total: 0 }, 'no data'],
    ['impossible counts', { burn: null, coverage: 1, total: 5 }, 'data error'],
  ])('%s', (_name, window, text) => expect(windowBurnText(window)).toBe(text));

  test('what is not known is neither over nor under its bound', () => {
    expect([boundText(null, 14.4), boundText(15, 14.4), boundText(0, 14.4)]).toEqual([
      'bound 14.4×',
      'over 14.4×',
      'under 14.4×',
    ]);
  });

  test.each([
    [0.319, '31 %'],
    [1, '100 %'],
    [0.9999, '99.9 %'],
    [0.004, 'under 1 %'],
    [0, '0 %'],
    [-0.125, '−13 %'],
    [0.29, '29 %'],
  ])('share %d is %s', (share, text) => expect(shareText(share)).toBe(text));

  test.each([
    [45_000, '45 s'],
    [42 * minuteMs, '42 min'],
    [515 * minuteMs, '8 h 35 min'],
    [2 * hourMs, '2 h'],
    [76 * hourMs, '3 d 4 h'],
    [59.7 * minuteMs, '1 h'],
  ])('%d ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));

  test('counts have separators, objectives are exact', () => {
    expect(['7', '999', '53,800', '1,234,567']).toEqual([7, 999, 53_800, 1_234_567].map(countText));
    expect(objectiveText(0.9995)).toBe('99.95 %');
    expect(objectiveText(0.99)).toBe('99 %');
  });

  test('99.95 % of a week leaves 5 min 2.4 s', () => {
    expect(Math.round((1 - 0.9995) * 7 * 86_400 * 10) / 10).toBe(302.4);
  });
});

describe('the one sentence', () => {
  test('says how bad, how fast and until when; the line under it says the range and the way back', () => {
    const evaluation = theIncident();
    const { sentence, sub } = sloWords(slo, evaluation);
    expect(spoken(sentence)).toBe(
      `1 request in 39 fails: burning 26×. The month's budget is gone at <clock ${utc(evaluation.exhaustion!.at)}>.`,
    );
    expect(spoken(sub)).toMatch(/^Between <clock ..:..> and <clock ..:..> at the last hour's spread\. /);
    expect(sentence).toContainEqual({ at: evaluation.exhaustion!.at, em: true, as: 'clock' });
  });

  test('all figures agree: sentence, tiles, reasons and page speak of the same counts', () => {
    const evaluation = theIncident();
    const tiles = sloTiles(slo, evaluation);
    expect(tiles.map(({ label, value, detail }) => `${label}: ${value} ${detail}`)).toEqual([
      `Budget left: ${shareText(evaluation.period.budgetRemaining!)} of 43 min`,
      'Last hour: 16.7× over 14.4×',
      'Last 5 min: 26× 1,350 of 52,000',
      'Coverage: 100 % to',
    ]);
    const { why, clears } = pageReasons(slo, evaluation, profile);
    expect(spoken(why)).toBe(
      'It pages because both windows reach 14.4×: the last hour burns 16.7× (10,392 of 624,000), the last 5 min burns 26× (1,350 of 52,000).',
    );
    expect(spoken(clears)).toMatch(
      /^It clears when the last 5 min or the last hour falls under 14\.4×; .*, seen 4 min later\.$/,
    );
    const summary = pageSummary(slo, evaluation, 'voiceover-v2 rolled out 5 → 25 %');
    expect(summary.slice(0, 60)).toBe('voiceover: 1 in 39 fail, 26×; voiceover-v2 5 → 25 % · voiceo');
    expect(summary).toContain(new Date(evaluation.exhaustion!.at).toISOString().slice(11, 16));
  });

  test.each([
    [1000, 1000, 'Every request fails'],
    [980, 1000, 'Nearly every request fails'],
    [700, 1000, '7 requests in 10 fail'],
    [260, 10_000, '1 request in 38 fails'],
  ])('%d bad of %d', (bad, total, text) => expect(failureText(slo, { bad, total })).toBe(text));

  test('latency speaks of time, and of nothing that fails', () => {
    const source = { project: 'p', filter: 'f', min: null, max: 500 };
    const slow = anSlo({ objective: 0.99, indicator: { kind: 'latency', source } });
    expect(failureText(slow, { bad: 10, total: 120 })).toBe('1 request in 12 takes 500 ms or more');
    expect(failureText(slow, { bad: 60, total: 120 })).toBe('5 requests in 10 take 500 ms or more');
    expect(incidentTitle(slow, theIncident(slow))).toBe('voiceover is slow and burns its latency budget');
  });

  test.each([
    [{ budgetRemaining: -0.4 }, "The month's budget is gone, overspent by 40 %."],
    [{ budgetRemaining: 0 }, "The month's budget is gone."],
    [{ budgetRemaining: 0.8 }, "80 % of the month's budget is left."],
  ])('without an end to name it says what is left: %j', (period, text) => {
    const base = theIncident();
    const { sentence } = sloWords(slo, { ...base, exhaustion: null, period: { ...base.period, ...period } });
    expect(spoken(sentence)).toMatch(new RegExp(`${text.replace('.', '\\.')}$`));
  });

  test('a condition without figures speaks its reason, never NaN', () => {
    const series = filled(monday - 2 * hourMs, monday, (at) => ({ bad: 0, total: at < monday - hourMs ? 9 : 0 }));
    const quiet = evaluateSlo({ slo, profile, series, at: monday });
    expect(spoken(sloWords(slo, quiet).sentence)).toMatch(/^No traffic in the last 5 minutes/);
    const empty = evaluateSlo({ slo, profile, series: createSeries(), at: monday });
    const texts = [sloWords(slo, empty).sentence, sloWords(slo, empty).sub].map(spoken).join(' ');
    expect(`${texts} ${JSON.stringify(sloTiles(slo, empty))} ${pageSummary(slo, empty, null)}`).not.toMatch(
      /NaN|null|undefined|Infinity/,
    );
  });

  test('a far end is a day, not a clock time', () => {
    const base = theIncident();
    const exhaustion = { at: monday + 60 * hourMs, earliest: monday + 50 * hourMs, latest: monday + 40 * 24 * hourMs };
    const { sentence, sub } = sloWords(slo, { ...base, exhaustion });
    expect(sentence).toContainEqual({ at: exhaustion.at, em: true, as: 'day' });
    expect(spoken(sub)).toContain('and never at the last');
  });
});

describe('the page', () => {
  test('its first 60 characters hold what fails and how much, however long the names are', () => {
    const long = anSlo({ service: 'a-service-with-a-very-long-name-indeed' });
    const change = 'some-flag-with-quite-a-long-name rolled out to 25 % of users by userId';
    const summary = pageSummary(long, theIncident(long), change);
    expect(summary.slice(0, 60)).toMatch(/^a-service-with-a-ve…: 1 in 39 fail, 26×; some-flag-with/);
    expect(summary).toContain(change);
    expect(pageSummary(slo, theIncident(), 'x'.repeat(3000)).length).toBeLessThanOrEqual(1024);
  });

  test('without a suspect nothing is blamed', () => {
    expect(pageSummary(slo, theIncident(), null)).toMatch(
      /^voiceover: 1 in 39 fail, 26× · 1 request in 39 fails · the month's budget/,
    );
  });

  test('traffic that vanished says so first', () => {
    const gone = { ...theIncident(), condition: 'traffic-vanished' as const, reason: 'Traffic vanished: 2 requests.' };
    expect(pageSummary(slo, gone, null)).toMatch(/^voiceover: traffic vanished · Traffic vanished: 2 requests ·/);
    expect(incidentTitle(slo, gone)).toBe('voiceover lost its traffic');
    expect(spoken(pageReasons(slo, gone, profile).clears)).toMatch(/tenth of the usual traffic/);
  });

  test('an alert that is only held says what proof it waits for', () => {
    const base = { ...theIncident(), tier: null };
    expect(spoken(pageReasons(slo, base, profile, 'page-slow').why)).toMatch(/^It still pages until known data proves/);
    expect(spoken(pageReasons(slo, base, profile).why)).toBe('No tier has both of its windows over its bound.');
  });
});
