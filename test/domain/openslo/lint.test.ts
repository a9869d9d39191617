import { describe, expect, test } from 'vitest';
import { lintSlo } from '#app/domain/openslo/lint.ts';
import { lintSamples } from '#app/domain/openslo/lint-samples.ts';
import { fileReach } from '#app/domain/openslo/reach.ts';
import { type OrderedSeries, orderSeries } from '#app/domain/prometheus/count-minutes.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { good, problemsOf, prometheusSlo, read } from './documents.ts';

function lint(text: string, cloudMonitoring = false): string[] {
  const [one] = read(text, fileReach).declared;
  const profile = defaultProfile(one!.value.period);
  return lintSlo(one!, { profile, cloudMonitoring }).map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** A counter read every minute for two hours, growing by `rate`. */
function series(name: string, labels: Record<string, string>, rate: number): OrderedSeries {
  const times = Float64Array.from({ length: 121 }, (_, i) => i * 60_000);
  return orderSeries([
    { name, labels, created: [], samples: { times, values: times.map((_, i) => i * rate), length: 121 } },
  ])[0]!;
}

function lintWith(text: string, all: OrderedSeries[]): string[] {
  const names = new Set(all.map(({ name }) => name));
  const [one] = read(text, fileReach).declared;
  return lintSamples(one!, { series: all, names }).map(
    ({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint ?? ''}`,
  );
}

describe('an SLO that is well-formed and cannot work', () => {
  test('has nothing against a common one', () => {
    expect(lint(prometheusSlo())).toEqual([]);
  });

  test.each([
    [
      'target: 0.999',
      'target: 0.93',
      '3:1 Tier page-fast asks for 14.4×, and the largest possible burn rate is 14.3×: it can never fire.',
    ],
    ['30d', '2d', '17:17 Tier ticket-slow looks back 3d, longer than the period.'],
    [
      'Occurrences\n  objectives:\n    - target: 0.999',
      'RatioTimeslices\n  objectives:\n    - { target: 0.999, timeSliceWindow: 10m }',
      '21:5 Slices of 10 min are longer than the 5m window of tier page-fast, which is mostly empty.',
    ],
  ])('%j → %j', (from, to, expected) => {
    expect(lint(prometheusSlo(from, to))).toContain(expected);
  });

  test('what Cloud Monitoring cannot hold is said when it pages, or when asked', () => {
    const slo = prometheusSlo('30d', '35d').replace('0.999', '0.99995');
    const expected = [
      '17:17 Cloud Monitoring cannot hold a rolling period over 30 days.',
      '21:5 Cloud Monitoring cannot hold an objective over 99.99 %, and this is 99.995 %.',
      '5:3 Cloud Monitoring cannot hold counters of Prometheus as an SLI.',
      '3:1 Cloud Monitoring cannot hold the 3d window of tier ticket-slow.',
    ];
    expect(lint(slo)).toEqual([]);
    expect(lint(slo, true)).toEqual(expected);
    expect(lint(good)).toEqual([]);
    expect(lint(good.replace('paging: firebreak', 'paging: cloud-monitoring'))).toEqual([
      expect.stringContaining('Cloud Monitoring cannot hold the 3d window of tier ticket-slow.'),
    ]);
  });

  test('a factor that does not follow from its share', () => {
    const profile = (factor: string) =>
      `apiVersion: firebreak/v1\nkind: BurnProfile\nmetadata: { name: p }\nspec:\n  period: 30d\n  tiers:\n    - { tier: page-fast, long: 1h, short: 5m, share: 0.02, factor: ${factor} }\n`;
    expect(problemsOf(profile('14.4'))).toEqual([]);
    expect(problemsOf(profile('13.44'))).toEqual([
      '7:68 A share of 0.02 in 1h of 30d is 14.4×, not 13.44×. | Leave out "factor": it follows from the share.',
    ]);
  });
});

describe('what only data can show', () => {
  const good = series('http_requests_total', { code: '200' }, 1000);
  const bad = series('http_requests_total', { code: '500' }, 1);

  test('nothing, where the data fit; a bad counter that never was is nothing either', () => {
    expect(lintWith(prometheusSlo(), [good, bad])).toEqual([]);
    expect(lintWith(prometheusSlo(), [good])).toEqual([]);
  });

  test('a selector without data, with the name that was meant', () => {
    expect(
      lintWith(prometheusSlo('selector: http_requests_total }', 'selector: http_request_total }'), [good, bad]),
    ).toEqual([
      '15:51 The selector finds no data: there is no http_request_total in the samples. | Did you mean "http_requests_total"?',
    ]);
    expect(
      lintWith(prometheusSlo('selector: http_requests_total }', 'selector: \'http_requests_total{job="x"}\' }'), [
        good,
        bad,
      ])[0],
    ).toContain('No series of http_requests_total has these labels.');
  });

  test('a threshold off the edge of a bucket', () => {
    const slo = prometheusSlo('bad:', 'good:')
      .replace('http_requests_total{code=~"5.."}', 's_bucket{le="0.45"}')
      .replace('http_requests_total', 's_count');
    const buckets = ['0.1', '0.5', '1', '+Inf'].map((le) => series('s_bucket', { le }, 1000));
    expect(lintWith(slo, [...buckets, series('s_count', {}, 1000)])).toEqual([
      '12:51 le="0.45" is not the edge of a bucket, so nothing is counted at it. | Nearest edge: le="0.5".',
    ]);
  });

  test('more bad events than there are, with both numbers', () => {
    const slo = prometheusSlo('selector: http_requests_total }', 'selector: \'http_requests_total{code="200"}\' }');
    const flood = series('http_requests_total', { code: '500' }, 3000);
    expect(lintWith(slo, [good, flood])[0]).toMatch(
      /^12:51 In the hour from 1969-12-31T23:59:00.000Z there are 177,000 bad events of only 59,000\./,
    );
  });

  test('an objective finer than one event', () => {
    const rare = series('http_requests_total', { code: '200' }, 1 / 60);
    expect(lintWith(prometheusSlo('0.999', '0.9999'), [rare])).toEqual([
      '21:5 The objective is finer than one event: with about 720 events in 30 d the first bad one breaks it. | Promise less, or over a longer period.',
    ]);
  });
});
