import { expect, test } from 'vitest';
import { readAlerts } from '#app/domain/openslo/alerts.ts';
import { fileReach } from '#app/domain/openslo/reach.ts';
import { importDocument } from '#app/domain/slo-import/import-document.ts';
import { readJson } from '#app/domain/yaml/json.ts';

const total = 'metric.type="m" resource.type="r"';
const bad = `${total} metric.label.class="5xx"`;
const base = {
  name: 'projects/acme/services/shop/serviceLevelObjectives/answers',
  displayName: 'Shop answers',
  goal: 0.995,
  rollingPeriod: '2592000s',
  serviceLevelIndicator: { requestBased: { goodTotalRatio: { badServiceFilter: bad, totalServiceFilter: total } } },
} as const;

function imported(value: unknown) {
  const { document } = readJson(JSON.stringify(value, null, 1), 'slos.json');
  const { documents, problems } = importDocument(document!, { days: 30, owner: null });
  const read = readAlerts(
    documents.map((one) => ({ file: 'out.yaml', value: one, place: () => ({ line: 1, column: 1 }) })),
    fileReach,
  );
  expect(read.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return {
    slos: read.declared.map(({ value: slo }) => slo),
    services: read.services.map(({ value: service }) => service),
    problems: problems.map(({ line, severity, message }) => `${line} ${severity} ${message}`),
  };
}

const withIndicator = (serviceLevelIndicator: unknown) => ({ ...base, serviceLevelIndicator });
const cut = (range: object) =>
  withIndicator({ requestBased: { distributionCut: { distributionFilter: total, range } } });

test('a ratio of bad to total', () => {
  const { slos, problems } = imported(base);
  expect(problems).toEqual([]);
  expect(slos).toMatchObject([
    {
      id: 'answers',
      title: 'Shop answers',
      service: 'shop',
      objective: 0.995,
      paging: 'shadow',
      period: { kind: 'rolling', days: 30 },
      indicator: { kind: 'ratio', total: { project: 'acme', filter: total }, bad: { project: 'acme', filter: bad } },
    },
  ]);
});

test('a ratio of good to total, in a list and in the answer to a list call', () => {
  const good = withIndicator({
    requestBased: { goodTotalRatio: { goodServiceFilter: bad, totalServiceFilter: total } },
  });
  for (const shape of [[good], { serviceLevelObjectives: [good], nextPageToken: '' }])
    expect(imported(shape).slos).toMatchObject([{ indicator: { kind: 'good-ratio', good: { filter: bad } } }]);
});

test.each([
  [{ min: '-Infinity', max: 500 }, { min: null, max: 500 }, 0],
  [{ max: 500 }, { min: null, max: 500 }, 1],
  [{ min: 0, max: 500 }, { min: null, max: 500 }, 1],
  [{ min: 10, max: 'Infinity' }, { min: 10, max: null }, 0],
])('the range %j of a distribution is %j, with %i warnings', (range, expected, warnings) => {
  const { slos, problems } = imported(cut(range));
  expect(slos).toMatchObject([{ indicator: { kind: 'latency', source: { filter: total, ...expected } } }]);
  expect(problems).toHaveLength(warnings);
});

test('windows by a threshold become slices of time', () => {
  const performance = base.serviceLevelIndicator.requestBased;
  const { slos, problems } = imported(
    withIndicator({ windowsBased: { windowPeriod: '300s', goodTotalRatioThreshold: { threshold: 0.9, performance } } }),
  );
  expect(slos).toMatchObject([
    { budgeting: { method: 'Timeslices', minutes: 5, target: 0.9 }, indicator: { kind: 'ratio' } },
  ]);
  expect(problems).toEqual([expect.stringContaining('counts neither as good nor as bad')]);
});

test('calendar periods begin in UTC, which is said', () => {
  const { rollingPeriod: _, ...rest } = base;
  const { slos, problems } = imported({ ...rest, calendarPeriod: 'WEEK' });
  // 5 January 2026 is a Monday.
  expect(slos).toMatchObject([
    { period: { kind: 'calendar', unit: 'week', timeZone: 'UTC', start: Date.UTC(2026, 0, 5) } },
  ]);
  expect(problems).toEqual([expect.stringMatching(/^13 warning .*UTC/)]);
});

test.each([
  ['basicSli', withIndicator({ basicSli: { availability: {} } }), '7 error A basicSli is chosen by Google'],
  [
    'a boolean metric',
    withIndicator({ windowsBased: { windowPeriod: '60s', goodBadMetricFilter: total } }),
    'true or false counts no events',
  ],
  ['a mean', withIndicator({ windowsBased: { windowPeriod: '60s', metricMeanInRange: {} } }), 'A mean in a range'],
  ['a sum', withIndicator({ windowsBased: { windowPeriod: '60s', metricSumInRange: {} } }), 'A sum in a range'],
  [
    'a basic performance',
    withIndicator({ windowsBased: { windowPeriod: '60s', goodTotalRatioThreshold: { basicSliPerformance: {} } } }),
    'A basicSli is chosen',
  ],
  [
    'windows of 7 minutes',
    withIndicator({
      windowsBased: {
        windowPeriod: '420s',
        goodTotalRatioThreshold: { threshold: 0.9, performance: base.serviceLevelIndicator.requestBased },
      },
    }),
    'divide a day',
  ],
  [
    'good and bad without total',
    withIndicator({ requestBased: { goodTotalRatio: { goodServiceFilter: bad, badServiceFilter: bad } } }),
    'without a filter for all',
  ],
  ['no indicator', withIndicator({}), '6 error An indicator is one of'],
  ['an empty range', cut({ min: 5, max: 5 }), 'No value is good'],
  ['a range without max', cut({ min: 5 }), 'No value is good'],
  ['an endless range', cut({ min: '-Infinity', max: 'Infinity' }), 'Every value is good'],
  ['a fortnight', { ...base, rollingPeriod: undefined, calendarPeriod: 'FORTNIGHT' }, 'FORTNIGHT cannot'],
  ['half a day', { ...base, rollingPeriod: '43200s' }, '5 error "43200s" is not a whole number of days'],
  ['an odd name', { ...base, name: 'answers' }, '2 error "answers" is not projects/'],
  ['a field that nobody knows', { ...base, goals: 1 }, 'Unknown field "goals"'],
  [
    'a filter without a metric',
    withIndicator({ requestBased: { goodTotalRatio: { badServiceFilter: 'x', totalServiceFilter: total } } }),
    'cannot be carried over: A filter names exactly one metric type',
  ],
  ['an objective of 100 %', { ...base, goal: 1 }, 'cannot be carried over: An objective of 100 %'],
])('%s is refused', (_, value, expected) => {
  const { slos, problems } = imported(value);
  expect(slos).toEqual([]);
  expect(problems).toContainEqual(expect.stringContaining(expected));
});

test('a name that is none of ours is changed, and said', () => {
  const { slos, problems } = imported({ ...base, name: base.name.replace('answers', 'Answers_1') });
  expect(slos[0]!.id).toBe('answers-1');
  expect(problems).toEqual([
    '2 warning "Answers_1" is called "answers-1" here: names have lower-case letters, digits and dashes.',
  ]);
});
