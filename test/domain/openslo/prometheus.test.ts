import { describe, expect, test } from 'vitest';
import { fileReach } from '#app/domain/openslo/reach.ts';
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
    expect(slos).toEqual([]);
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

  test('is not followed by the console so far, which says so at its place', () => {
    expect(problemsOf(prometheusSlo())).toEqual([
      '15:21 The console reads Cloud Monitoring so far, not Prometheus. | Try this SLO on samples: firebreak slo eval.',
      '12:21 The console reads Cloud Monitoring so far, not Prometheus. | Try this SLO on samples: firebreak slo eval.',
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
    ['ratioMetric:', 'thresholdMetric: { x: 1 }\n      ratioMetric:', '8:7 "thresholdMetric" is not supported'],
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
