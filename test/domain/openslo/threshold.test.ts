import { describe, expect, test } from 'vitest';
import { lintSlo } from '#app/domain/openslo/lint.ts';
import { fileReach, type Reach } from '#app/domain/openslo/reach.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { exportToCloudMonitoring } from '#app/domain/slo-export/export-slos.ts';
import { read } from './documents.ts';

const gcp = `apiVersion: openslo/v1
kind: DataSource
metadata: { name: gcp }
spec: { type: GoogleCloudMonitoring, connectionDetails: { project: acme } }
---
`;
const slo = `apiVersion: openslo/v1
kind: SLO
metadata: { name: queue }
spec:
  service: shop
  indicator:
    spec:
      thresholdMetric: { metricSource: { metricSourceRef: gcp, spec: { filter: 'metric.type="age"', settle: 2m } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Timeslices
  objectives:
    - { op: lte, value: 600, target: 0.99, timeSliceTarget: 1, timeSliceWindow: 1m }
`;
const changed = (from: string, to: string) => {
  if (!slo.includes(from)) throw new Error(`not in the file: ${from}`);
  return slo.replace(from, to);
};
const problems = (text: string, reach?: Reach) =>
  read(gcp + text, reach).problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` | ${hint}` : ''}`,
  );

describe('an SLO over a gauge', () => {
  test('holds its worst value of each minute against the bound of its objective', () => {
    const { slos, problems } = read(gcp + slo);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(slos[0]!.value).toMatchObject({
      indicator: { kind: 'gauge', source: { project: 'acme', filter: 'metric.type="age"' }, op: 'lte', bound: 600 },
      budgeting: { method: 'Timeslices', minutes: 1, target: 1 },
      settle: 120_000,
      minBadEvents: 1,
    });
  });

  test('may have several bounds, each an SLO of its own name', () => {
    const two = changed(
      '  objectives:\n',
      '  objectives:\n    - { op: lte, value: 60, target: 0.99, timeSliceTarget: 1, timeSliceWindow: 1m }\n',
    );
    expect(read(gcp + two).slos.map(({ value }) => value.id)).toEqual(['queue', 'queue-99-1m-100-lte-600']);
  });

  test.each([
    ['op: lte, ', '', '17:7 "op" is missing: how a good value compares with "value".'],
    ['op: lte', 'op: le', '17:13 "le" is no comparison.'],
    ['value: 600, ', '', '17:7 "value" is missing: the bound of good values.'],
    [
      'Timeslices\n',
      'Occurrences\n',
      '15:20 A thresholdMetric has no events to count, so its budget is not in Occurrences. | Write Timeslices, with timeSliceTarget and timeSliceWindow in each objective.',
    ],
    ['Timeslices\n', 'RatioTimeslices\n', 'so its budget is not in RatioTimeslices.'],
    ['filter: ', 'distributionFilter: ', 'A count or a gauge has "filter"'],
    [
      '      thresholdMetric',
      '      ratioMetric: {}\n      thresholdMetric',
      'Either "ratioMetric" or "thresholdMetric", not both.',
    ],
    ['{ metricSource: {', '{ metricSources: {', 'Unknown field "metricSources"'],
    [
      '{ metricSourceRef: gcp, spec: { filter: \'metric.type="age"\', settle: 2m } }',
      '{ type: Prometheus, spec: { selector: age_seconds } }',
      'Nothing says where the Prometheus server is.',
    ],
  ])('%j → %j', (from, to, expected) => {
    expect(problems(changed(from, to)).join('\n')).toContain(expected);
  });

  test('of Prometheus is for files: the console says so at its place', () => {
    const declared = gcp.replace(
      'GoogleCloudMonitoring, connectionDetails: { project: acme }',
      'Prometheus, connectionDetails: { url: http://p:9090 }',
    );
    const text = `${declared}${changed('filter: \'metric.type="age"\'', 'selector: age_seconds')}`;
    expect(read(text).problems.map(({ message }) => message)).toContain(
      'The console reads gauges of Cloud Monitoring so far, not of Prometheus.',
    );
    const tried = read(text, fileReach);
    expect(tried.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(tried.declared[0]!.value.indicator).toEqual({
      kind: 'prometheus-gauge',
      selector: 'age_seconds',
      op: 'lte',
      bound: 600,
    });
    expect(tried.slos).toEqual([]);
  });

  test('"op" and "value" belong to gauges alone', () => {
    const counted = changed(
      `thresholdMetric: { metricSource: { metricSourceRef: gcp, spec: { filter: 'metric.type="age"', settle: 2m } } }`,
      `ratioMetric: { bad: { metricSource: { metricSourceRef: gcp, spec: { filter: 'metric.type="m"' } } }, total: { metricSource: { metricSourceRef: gcp, spec: { filter: 'metric.type="m"' } } } }`,
    );
    expect(problems(counted).join('\n')).toContain('"op" belongs to a thresholdMetric; this indicator counts events.');
  });

  test('is nothing that Cloud Monitoring could hold: its slices go by the mean', () => {
    const { declared, ...alerts } = read(gcp + slo, fileReach);
    const { serviceLevelObjectives, problems } = exportToCloudMonitoring({ ...alerts, declared }, null);
    expect(serviceLevelObjectives).toEqual([]);
    expect(problems.map(({ message }) => message).join('\n')).toContain('by the mean of a gauge');
    const lint = lintSlo(declared[0]!, { profile: defaultProfile(declared[0]!.value.period), cloudMonitoring: true });
    expect(lint.map(({ message }) => message)).toContain(
      'Cloud Monitoring cannot hold the worst value of a gauge; it judges by the mean.',
    );
  });
});
