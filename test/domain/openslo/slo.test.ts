import { describe, expect, test } from 'vitest';
import { changed, good, problemsOf, read } from './documents.ts';

const rolling = '    - duration: 30d\n      isRolling: true\n';

test('a good document becomes an SLO', () => {
  const alerts = read(good);
  expect(alerts.problems).toEqual([]);
  expect(alerts.slos[0]!.value).toEqual({
    id: 'shop-availability',
    title: 'Shop answers',
    description: 'Most requests end well.',
    service: 'shop',
    objective: 0.999,
    period: { kind: 'rolling', days: 30 },
    budgeting: { method: 'Occurrences' },
    indicator: {
      kind: 'ratio',
      bad: { project: 'acme', filter: 'metric.type="m" metric.label."class"="5xx"' },
      total: { project: 'other', filter: 'metric.type="m"' },
    },
    profile: 'default',
    paging: 'firebreak',
    runbook: null,
    minBadEvents: 20,
    settle: 300_000,
  });
});

test('several objectives are several SLOs: the first keeps the name, the others carry their target', () => {
  const { slos, problems } = read(
    changed(
      '    - target: 0.999',
      '    - target: 0.999\n    - { displayName: Most, targetPercent: 99.5 }\n    - target: 0.9',
    ),
  );
  expect(problems).toEqual([]);
  expect(slos.map(({ value }) => [value.id, value.title, value.objective])).toEqual([
    ['shop-availability', 'Shop answers', 0.999],
    ['shop-availability-99-5', 'Shop answers (Most)', 0.995],
    ['shop-availability-90', 'Shop answers (90 %)', 0.9],
  ]);
});

test('the console follows slices of time', () => {
  const sliced = changed('budgetingMethod: Occurrences', 'budgetingMethod: Timeslices');
  const { slos, problems } = read(
    sliced.replace('- target: 0.999', '- { target: 0.999, timeSliceTarget: 0.95, timeSliceWindow: 5m }'),
  );
  expect(problems).toEqual([]);
  expect(slos[0]!.value.budgeting).toEqual({ method: 'Timeslices', minutes: 5, target: 0.95 });
});

test('shadow is the default: nobody is paged by accident', () => {
  expect(read(changed('    firebreak.dev/paging: firebreak\n', '')).slos[0]!.value.paging).toBe('shadow');
});

describe('what is wrong stands at its line and column', () => {
  test.each([
    // unknown fields and wrong shapes
    ['  service: shop', '  servcie: shop', '28:3 Unknown field "servcie" in spec. | Did you mean "service"?'],
    ['  service: shop\n', '', '26:1 "service" is missing.'],
    ['    - target: 0.999', '    - target: "high"', '50:15 "target" must be a number, not text.'],
    [
      '    - target: 0.999',
      '    - targt: 0.999',
      '50:7 Unknown field "targt" in spec.objectives.0. | Did you mean "target"?',
    ],
    ['kind: SLO\n', 'kind: Slo\n', '19:7 Unknown kind "Slo" of openslo/v1. | Did you mean "SLO"?'],
    ['metadata: { name: gcp }', 'metadata: { name: GCP! }', '12:19 A name has 1 to 63'],
    [
      'min-bad-events: "20"',
      'min-bad-events: 20',
      '25:35 "firebreak.dev/min-bad-events" must be text, not the number 20. | Write it in quotes: "20".',
    ],
    // our annotations
    [
      'dev/paging: firebreak',
      'dev/paging: loud',
      '24:27 "loud" is no way to page. | One of: shadow, firebreak, cloud-monitoring.',
    ],
    [
      'dev/paging: firebreak',
      'dev/pagign: firebreak',
      '24:5 Unknown annotation "firebreak.dev/pagign". | Did you mean "paging"?',
    ],
    ['min-bad-events: "20"', 'min-bad-events: "some"', '25:35 "some" is not a count of events.'],
    // objectives
    ['target: 0.999', 'target: 1', '50:15 An objective of 100 % leaves no error budget'],
    ['target: 0.999', 'targetPercent: 100', '50:22 An objective of 100 % leaves no error budget'],
    ['target: 0.999', 'target: 99.9', '50:15 "target" is in [0, 1). | For 99.9 % write targetPercent: 99.9.'],
    ['target: 0.999', 'target: -0.1', '50:15 "target" is in [0, 1).'],
    ['target: 0.999', 'targetPercent: 100.5', '50:22 "targetPercent" is in [0, 100).'],
    [
      'target: 0.999',
      '{ target: 0.9, targetPercent: 90 }',
      '50:7 Exactly one of "target" and "targetPercent" is needed.',
    ],
    [
      '    - target: 0.999',
      '    - target: 0.999\n    - target: 0.999',
      '51:7 This objective stands here twice. | Remove one of the two.',
    ],
    [
      'target: 0.999',
      '{ target: 0.999, timeSliceTarget: 0.9 }',
      '50:24 "timeSliceTarget" goes with budgetingMethod Timeslices.',
    ],
    [
      'budgetingMethod: Occurrences',
      'budgetingMethod: Timeslices',
      '50:7 "timeSliceWindow" is missing: how long a slice is. | Write whole minutes that divide a day, such as 5m.',
    ],
    ['budgetingMethod: Occurrences', 'budgetingMethod: Ocurrences', '48:20 "Ocurrences" is not a budgeting method.'],
    // time windows
    [
      'duration: 30d',
      'duration: 1m',
      '46:17 A rolling window is a whole number of days; "1m" is not. | "m" is minutes; months are "M".',
    ],
    ['duration: 30d', 'duration: 1M', '46:17 A rolling window has a fixed length; "1M" has not.'],
    ['duration: 30d', 'duration: month', '46:17 "month" is not a duration.'],
    [
      'duration: 30d',
      'duration: 90d',
      '46:17 A rolling window of 90 days is longer than the 35 days of counts that are kept.',
    ],
    ['isRolling: true', 'isRolling: false', '47:18 A window that does not roll needs a calendar.'],
    [rolling, `${rolling}    - duration: 7d\n`, '46:5 "timeWindow" is a list of exactly one window, not 2.'],
    [
      rolling,
      '    - duration: 1m\n      calendar: { startTime: 2026-01-01 00:00:00, timeZone: UTC }\n',
      '46:17 A calendar window is one unit long; "1m" is not. | "m" is minutes; a month is "1M".',
    ],
    [
      rolling,
      '    - duration: 1M\n      calendar: { startTime: 2026-01-01 00:00:00, timeZone: Mars/Olympus }\n',
      '47:61 "Mars/Olympus" is not an IANA time zone.',
    ],
    [
      rolling,
      '    - duration: 1M\n      calendar: { startTime: 2026-02-30 00:00:00, timeZone: UTC }\n',
      '47:30 "2026-02-30 00:00:00" is not a time.',
    ],
    [
      rolling,
      '    - duration: 1M\n      isRolling: true\n      calendar: { startTime: 2026-01-01 00:00:00, timeZone: UTC }\n',
      '47:18 A calendar window does not roll.',
    ],
    // indicators
    ['metricSourceRef: gcp', 'metricSourceRef: gpc', '35:30 There is no DataSource "gpc". | Did you mean "gcp"?'],
    [
      '            type: GoogleCloudMonitoring\n            spec:',
      '            type: Datadog\n            spec:',
      '40:19 Source type "Datadog" is not supported yet.',
    ],
    ['              project: other\n', '', '41:13 No project: neither "project" here nor a DataSource gives one.'],
    ['settle: 5m', 'settle: soon', '44:23 "soon" is not a length of time.'],
    [
      'filter: metric.type="m"\n              settle',
      'filter: resource.type="m"\n              settle',
      '43:23 A filter names exactly one metric type, this one names none.',
    ],
    [
      'filter: metric.type="m"\n              settle',
      'filter: metric.type="m" x="\n              settle',
      '43:23 A quote is not closed in this filter.',
    ],
    [
      'filter: metric.type="m"\n              settle',
      'distributionFilter: metric.type="m"\n              settle',
      '43:15 A count or a gauge has "filter"; "distributionFilter" goes under "raw".',
    ],
    ['        bad:\n', '        worse:\n', '33:9 Unknown field "worse" in spec.indicator.spec.ratioMetric.'],
    ['        counter: true\n', '        rawType: success\n', '32:18 "rawType" goes with "raw" only.'],
    [
      '  indicator:\n',
      '  indicatorRef: x\n  indicator:\n',
      '26:1 Exactly one of "indicator" and "indicatorRef" is needed.',
    ],
  ])('%j → %j', (from, to, expected) => {
    const problems = problemsOf(changed(from, to));
    expect(problems.join('\n')).toContain(expected);
    expect(read(changed(from, to)).slos).toEqual([]);
  });
});

test('an SLO names an SLI; one that is missing or broken is said', () => {
  const sli = (name: string, total: string) =>
    `---\napiVersion: openslo/v1\nkind: SLI\nmetadata: { name: ${name} }\nspec:\n  ratioMetric:\n    good: { metricSource: { metricSourceRef: gcp, spec: { filter: 'metric.type="g"' } } }\n    total: { metricSource: { metricSourceRef: gcp, spec: { filter: '${total}' } } }\n`;
  const start = good.indexOf('  indicator:\n');
  const end = good.indexOf('  timeWindow:');
  const referring = (name: string) => `${good.slice(0, start)}  indicatorRef: ${name}\n${good.slice(end)}`;
  const fine = read(referring('ok') + sli('ok', 'metric.type="t"'));
  expect(fine.problems).toEqual([]);
  expect(fine.slos[0]!.value.indicator).toEqual({
    kind: 'good-ratio',
    good: { project: 'acme', filter: 'metric.type="g"' },
    total: { project: 'acme', filter: 'metric.type="t"' },
  });
  expect(problemsOf(referring('okk') + sli('ok', 'metric.type="t"'))).toEqual([
    '29:17 There is no SLI "okk". | Did you mean "ok"?',
  ]);
  expect(problemsOf(referring('ok') + sli('ok', 'nothing')).join('\n')).toContain(
    '29:17 SLI "ok" has errors of its own.',
  );
});

describe('latency', () => {
  const start = good.indexOf('        counter: true\n');
  const end = good.indexOf('  timeWindow:');
  const latency = (spec: string) =>
    `${good.slice(0, start)}        rawType: success\n        raw: { metricSource: { metricSourceRef: gcp, spec: ${spec} } }\n${good.slice(end)}`;

  test('counts what is under a bound', () => {
    const { slos, problems } = read(
      latency(`{ distributionFilter: 'metric.type="l"', range: { max: 500 }, bounds: [100, 500] }`),
    );
    expect(problems).toEqual([]);
    expect(slos[0]!.value.indicator).toEqual({
      kind: 'latency',
      source: { project: 'acme', filter: 'metric.type="l"', min: null, max: 500 },
    });
  });

  test.each([
    [
      `{ distributionFilter: 'metric.type="l"', range: { max: 450 }, bounds: [100, 500] }`,
      '450 is not the edge of a bucket, so the count at it can only be guessed. | Nearest edge: 500.',
    ],
    [`{ distributionFilter: 'metric.type="l"', range: { min: 9, max: 3 } }`, 'The range [9, 3) is empty.'],
    [`{ distributionFilter: 'metric.type="l"', range: {} }`, '"range" needs "min" or "max"'],
    [
      `{ distributionFilter: 'metric.type="l"', range: { max: 500 }, bounds: [500, 100] }`,
      'Bucket bounds must ascend.',
    ],
    [`{ filter: 'metric.type="l"', range: { max: 500 } }`, 'Under "raw" stands "distributionFilter", not "filter".'],
  ])('%s is refused', (spec, expected) => {
    const problems = problemsOf(latency(spec));
    expect(problems.join('\n')).toContain(expected);
    expect(problems[0]).toMatch(/^33:\d+ /);
  });
});
