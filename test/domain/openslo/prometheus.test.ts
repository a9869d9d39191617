import { describe, expect, test } from 'vitest';
import { sidesOf } from '#app/domain/openslo/prometheus.ts';
import { fileReach } from '#app/domain/openslo/reach.ts';
import { sourceNamed, sourceOf, systemOf } from '#app/domain/slo/data-source.ts';
import { problemsOf, prometheusSlo, read } from './documents.ts';

const sli = `---
apiVersion: openslo/v1
kind: SLI
metadata: { name: fast }
spec:
  ratioMetric:
    good: { metricSource: { metricSourceRef: prom, spec: { selector: 'seconds_bucket{le="0.5"}' } } }
    total: { metricSource: { metricSourceRef: prom, spec: { selector: seconds_count } } }
`;
const prom = `---
apiVersion: openslo/v1
kind: DataSource
metadata: { name: prom }
spec: { type: Prometheus, connectionDetails: { url: 'http://prometheus:9090' } }
`;

describe('an SLO over Prometheus counters', () => {
  test('stands in a file alone: no service, source or policy has to be declared beside it', () => {
    const { declared, problems, slos } = read(prometheusSlo(), fileReach);
    expect(problems).toEqual([]);
    expect(slos).toHaveLength(1);
    expect(declared[0]!.value).toMatchObject({
      id: 'shop-answers',
      document: 'shop-answers',
      objective: 0.999,
      budgeting: { method: 'Occurrences' },
      minBadEvents: 5,
      indicator: {
        kind: 'prometheus',
        counted: 'bad',
        part: { selector: 'http_requests_total{code=~"5.."}' },
        total: { selector: 'http_requests_total' },
        source: null,
        url: null,
      },
    });
  });

  test('takes its SLI by reference, and the address from the DataSource', () => {
    const start = prometheusSlo().indexOf('  indicator:');
    const end = prometheusSlo().indexOf('  timeWindow:');
    const text = `${prometheusSlo().slice(0, start)}  indicatorRef: fast\n${prometheusSlo().slice(end)}${sli}${prom}`;
    const { declared, problems } = read(text, fileReach);
    expect(problems).toEqual([]);
    expect(declared[0]!.value.indicator).toEqual({
      kind: 'prometheus',
      counted: 'good',
      part: { selector: 'seconds_bucket{le="0.5"}' },
      total: { selector: 'seconds_count' },
      source: 'prom',
      url: 'http://prometheus:9090',
    });
  });

  test('counts slices of time, for which one bad slice is enough', () => {
    const sliced = prometheusSlo('Occurrences', 'Timeslices').replace(
      '- target: 0.999',
      '- { target: 0.999, timeSliceTarget: 0.95, timeSliceWindow: 5m }',
    );
    const [first] = read(sliced, fileReach).declared;
    expect(first!.value).toMatchObject({
      budgeting: { method: 'Timeslices', minutes: 5, target: 0.95 },
      minBadEvents: 1,
    });
    const ratio = sliced.replace('Timeslices', 'RatioTimeslices').replace('timeSliceTarget: 0.95, ', '');
    expect(read(ratio, fileReach).declared[0]!.value.budgeting).toEqual({ method: 'RatioTimeslices', minutes: 5 });
  });

  test('has a rolling window of up to 366 days', () => {
    const of = (text: string) => read(prometheusSlo('30d', text), fileReach).declared[0]?.value.period;
    expect([of('1d'), of('90d'), of('4w')]).toEqual([1, 90, 28].map((days) => ({ kind: 'rolling', days })));
    expect(problemsOf(prometheusSlo('30d', '367d'), fileReach)[0]).toContain('17:17 A rolling window of 367 days');
  });

  test('names its AlertPolicy; an unknown one is warned of, one that stands inside is refused', () => {
    const with_ = (entry: string) => prometheusSlo('  objectives', `  alertPolicies:\n    - ${entry}\n  objectives`);
    const policy = '---\napiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: { name: fast-burn }\nspec: {}\n';
    expect(problemsOf(with_('fast-burn') + policy, fileReach)).toEqual([]);
    expect(problemsOf(with_('alertPolicyRef: fast-burn') + policy, fileReach)).toEqual([]);
    expect(read(with_('fast-brun') + policy, fileReach).problems).toMatchObject([
      { line: 21, severity: 'warning', hint: 'Did you mean "fast-burn"?' },
    ]);
    expect(problemsOf(with_('{ kind: AlertPolicy, metadata: { name: x } }'), fileReach)).toEqual([
      '21:7 An AlertPolicy stands in a document of its own, and here its name. | Move it out and write - alertPolicyRef: its-name.',
    ]);
  });

  const followed = (part: string, total: string) =>
    `${prometheusSlo().replaceAll('type: Prometheus', 'metricSourceRef: prom').replace(`selector: 'http_requests_total{code=~"5.."}'`, part).replace('selector: http_requests_total }', `${total} }`)}${prom}`;
  const sum = (selector: string, by = 'rate') => `query: 'sum(${by}(${selector}[{{.window}}]))'`;

  test('is followed by the console, a minute settled after one minute', () => {
    const { slos, sources, problems } = read(
      followed('selector: x_total{code="5"}'.replace(/: (.*)/, ": '$1'"), 'selector: x_total'),
    );
    expect(problems).toEqual([]);
    expect(slos[0]!.value).toMatchObject({
      settle: 60_000,
      indicator: { source: 'prom', url: 'http://prometheus:9090' },
    });
    expect(sources[0]!.value).toMatchObject({ id: 'prom', project: null, url: 'http://prometheus:9090', owner: null });
    expect(sourceOf(slos[0]!.value)).toBe('prometheus/prom');
    expect(systemOf(slos[0]!.value)).toBe('Prometheus');
    expect(
      sourceNamed(
        sources.map(({ value }) => value),
        'prometheus/prom',
      ),
    ).toBe(sources[0]!.value);
  });

  test('counts the counters behind a query that sums increases, whichever side it is', () => {
    const sidesFor = (part: string, total: string) => {
      const { indicator } = read(followed(part, total)).slos[0]!.value;
      const sides = indicator.kind === 'prometheus' ? sidesOf(indicator) : null;
      return sides && [sides.counted, sides.part.text, sides.total.text];
    };
    expect(sidesFor(sum('x{code="5"}'), sum('x'))).toEqual(['bad', 'x{code="5"}', 'x']);
    const slow = `query: 'sum(rate(x_count[{{.window}}])) - sum(rate(x_bucket{le="1"}[{{.window}}]))'`;
    expect(sidesFor(slow, sum('x_count'))).toEqual(['good', 'x_bucket{le="1"}', 'x_count']);
    const swapped = followed(slow, sum('x_count')).replace('bad:', 'good:');
    const { indicator } = read(swapped).slos[0]!.value;
    expect(indicator.kind === 'prometheus' && sidesOf(indicator)?.counted).toBe('bad');
  });

  test.each([
    [sum('x{code="5"}'), sum('x', 'increase'), '10:9'],
    [sum('x{code="5"}'), 'selector: x', '10:9'],
    ['selector: x', sum('x'), '13:9'],
    [`query: 'sum by (pod) (rate(x[{{.window}}]))'`, sum('x'), '10:9'],
    [`query: 'histogram_quantile(0.9, sum(rate(x[{{.window}}])))'`, sum('x'), '10:9'],
  ])(
    'is refused in the console where %s and %s say no counts, and read in a file that is tried',
    (part, total, place) => {
      const text = followed(part, total);
      expect(problemsOf(text)).toEqual([
        `${place} How many events this counts in a minute cannot be told from a query. | Write "selector", or in both sum(rate(name_total[{{.window}}])) or sum(increase(…)).`,
      ]);
      expect(problemsOf(text, fileReach)).toEqual([]);
    },
  );

  test('is paged for by Firebreak or nobody', () => {
    const text = followed('selector: x', 'selector: y').replace(
      'metadata: { name: shop-answers }',
      'metadata: { name: shop-answers, annotations: { firebreak.dev/paging: cloud-monitoring } }',
    );
    expect(problemsOf(text)).toEqual([
      '3:70 Cloud Monitoring has none of these counters, so it can page for none of them. | Write firebreak, or shadow.',
    ]);
  });

  test('has a server in the console, and one only', () => {
    const other = prom.replace('name: prom', 'name: other').replace('prometheus:9090', 'other:9090');
    const nowhere =
      'Nothing says where the Prometheus server is. | Write metricSourceRef with the name of a DataSource of type Prometheus.';
    expect(problemsOf(prometheusSlo())).toEqual([`15:21 ${nowhere}`, `12:21 ${nowhere}`]);
    const two = followed('selector: x', 'selector: y').replace('metricSourceRef: prom', 'metricSourceRef: other');
    expect(problemsOf(`${two}${other}`)).toEqual([
      '10:9 "total" comes from prom, "bad" from other. | Count both at one source.',
    ]);
  });
});

describe('what is wrong with it stands at its line and column', () => {
  const bad = `selector: 'http_requests_total{code=~"5.."}'`;
  const slices = 'budgetingMethod: Timeslices\n  objectives:\n    - { target: 0.9, ';
  const method = 'budgetingMethod: Occurrences\n  objectives:\n    - target: 0.999';
  test.each([
    [
      bad,
      'selector: "rate(x_total[5m])"',
      '12:51 "rate" is a function; here stands a plain selector of counters. (character 5',
    ],
    [bad, `selector: 'x_total[5m]'`, '12:51 A selector has no range: Firebreak chooses the windows. (character 8'],
    [bad, `selector: 'x_total{code=~"5("}'`, '"5(" is not a regular expression of RE2.'],
    [bad, `selector: 'x_total{code="5"'`, 'Between two matchers stands a comma. (character 17'],
    [bad, 'selector: "{}"', 'The selector is empty.'],
    [
      bad,
      `selector: '{code=~".*"}'`,
      'The selector would match every series there is. (character 1 of the selector) | Name the counter.',
    ],
    [bad, 'query: "sum(rate(x_total[5m]))"', '12:48 The query has no {{.window}}'],
    [bad, 'filter: metric.type="m"', '12:41 "filter" belongs to Cloud Monitoring; Prometheus has "selector".'],
    [bad, '', '12:33 "selector" is missing'],
    ['type: Prometheus', 'type: prometheus', '"prometheus" is not supported yet. | Did you mean "Prometheus"?'],
    ['type: Prometheus', 'metricSourceRef: prom', '12:32 There is no DataSource "prom".'],
    ['counter: true', 'counter: false', '9:18 Events are counted by counters'],
    ['ratioMetric:', 'thresholdMetric: { x: 1 }\n      ratioMetric:', '8:26 Unknown field "x" in spec.indicator'],
    [method, 'budgetingMethod: Timeslices\n  objectives:\n    - target: 0.9', '21:7 "timeSliceWindow" is missing'],
    [
      method,
      `${slices}timeSliceTarget: 95, timeSliceWindow: 5m }`,
      '"timeSliceTarget" is over 0 and at most 1. | For 95 % write 0.95.',
    ],
    [
      method,
      `${slices}timeSliceTarget: 0.9, timeSliceWindow: 7m }`,
      '"7m" is not the length of a slice. | Write whole minutes that divide a day',
    ],
    [method, `${slices}timeSliceTarget: 0.9, timeSliceWindow: 1M }`, '"1M" is not the length of a slice.'],
  ])('%j → %j', (from, to, expected) => {
    const problems = problemsOf(prometheusSlo(from, to), fileReach);
    expect(problems.join('\n')).toContain(expected);
    expect(read(prometheusSlo(from, to), fileReach).declared).toEqual([]);
  });
});

test('a file with every kind of OpenSLO beside it is read: what a file alone cannot say is no error', () => {
  const others = [
    'apiVersion: openslo/v1\nkind: Service\nmetadata: { name: shop, displayName: Shop, labels: { team: [a, b] } }\nspec: { description: Sells. }',
    'apiVersion: openslo/v1\nkind: DataSource\nmetadata: { name: prom }\nspec: { type: Prometheus, connectionDetails: { url: "http://prometheus:9090" } }',
    'apiVersion: openslo/v1\nkind: AlertPolicy\nmetadata: { name: fast }\nspec: { alertWhenBreaching: true, conditions: [{ conditionRef: burn }], notificationTargets: [{ targetRef: phone }] }',
    'apiVersion: openslo/v1\nkind: AlertCondition\nmetadata: { name: burn }\nspec: { severity: page, condition: { kind: burnrate, op: gte, threshold: 2, lookbackWindow: 1h, alertAfter: 5m } }',
    'apiVersion: openslo/v1\nkind: AlertNotificationTarget\nmetadata: { name: phone }\nspec: { target: pagerduty }',
  ];
  const slo = prometheusSlo('  objectives', '  alertPolicies: [fast]\n  objectives').replace(
    'type: Prometheus',
    'metricSourceRef: prom, type: Prometheus',
  );
  const { declared, problems } = read([slo, ...others].join('\n---\n'), fileReach);
  expect(problems).toEqual([]);
  expect(declared[0]!.value.indicator).toMatchObject({ kind: 'prometheus', url: 'http://prometheus:9090' });
});

test('how one connects is open in a file that is tried, and fixed in a catalog', () => {
  const source =
    'apiVersion: openslo/v1\nkind: DataSource\nmetadata: { name: prom }\nspec: { type: Prometheus, connectionDetails: { adress: x } }\n';
  expect(read(source, fileReach).problems).toMatchObject([{ line: 4, severity: 'warning' }]);
  expect(problemsOf(source)).toEqual([
    '4:56 "adress" is not read; a source of type Prometheus is connected to by "url". | Known here: url.',
    '4:27 "url" is missing. | ',
  ]);
});

test.each([
  ['ftp://x', '"ftp://x" is not an address. | Write one such as http://prometheus:9090.'],
  ['http://me:pw@x', 'An address in a file holds no password. | Give a token by the setting PROMETHEUS_SOURCES.'],
  ['http://x/?a=b', 'The address ends before "?" and "#": paths of the HTTP API are put behind it. | '],
])('the address %s is refused', (url, problem) => {
  const source = `apiVersion: openslo/v1\nkind: DataSource\nmetadata: { name: prom }\nspec: { type: Prometheus, connectionDetails: { url: '${url}' } }\n`;
  expect(problemsOf(source)).toEqual([`4:53 ${problem}`]);
});
