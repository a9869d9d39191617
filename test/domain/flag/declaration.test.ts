import { describe, expect, test } from 'vitest';
import { readFlag } from '#app/domain/flag/declaration.ts';
import { readYaml } from '#app/domain/yaml/document.ts';
import { reporter } from '#app/domain/yaml/validate.ts';

const good = `apiVersion: firebreak/v1
kind: Flag
metadata: { name: new-checkout, displayName: New checkout }
spec:
  type: release
  owners: [linus@shop.example, sales]
  service: shop
  slos: [shop-availability]
  safe: off
  environments:
    - { name: development, protected: false }
    - { name: production, protected: true }
  expires: 2027-03-31
  cohort: { project: acme, filter: 'metric.type="custom/flags"' }
`;

function read(text: string) {
  const source = readYaml(text, 'flags/a.yaml').documents[0]!;
  const report = reporter(source);
  const flag = readFlag(source, report);
  return {
    flag,
    problems: report.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint ?? ''}`),
  };
}

test('a good file becomes a declaration', () => {
  expect(read(good)).toEqual({
    problems: [],
    flag: {
      name: 'new-checkout',
      title: 'New checkout',
      description: '',
      type: 'release',
      owners: ['linus@shop.example', 'sales'],
      service: 'shop',
      slos: ['shop-availability'],
      safe: { state: 'off' },
      environments: [
        { name: 'development', protected: false },
        { name: 'production', protected: true },
      ],
      expires: '2027-03-31',
      cohort: { project: 'acme', filter: 'metric.type="custom/flags"' },
    },
  });
});

test.each([
  ['off', { state: 'off' }],
  ['false', { state: 'off' }],
  ['"on"', { state: 'on' }],
  ['true', { state: 'on' }],
  ['{ variant: old }', { state: 'variant', variant: 'old' }],
])('safe: %s', (text, expected) => {
  expect(read(good.replace('safe: off', `safe: ${text}`)).flag!.safe).toEqual(expected);
});

describe('what is wrong stands at its line and column', () => {
  test.each([
    ['safe: off', 'safe: maybe', '9:9 "safe" is off, on or { variant: name }.'],
    [
      '  safe: off\n',
      '',
      '4:1 "safe" is missing: what a kill brings the flag to. | Write safe: off; a fallback flag is safe when on.',
    ],
    [
      'type: release',
      'type: relase',
      '5:9 "type" is "relase"; allowed: release, experiment, operational, kill-switch, permission. | Did you mean "release"?',
    ],
    ['[linus@shop.example, sales]', '[]', '6:11 A flag needs an owner'],
    ['name: production', 'name: development', '12:15 Environment "development" stands here twice.'],
    ['2027-03-31', '2027-02-30', '13:12 "2027-02-30" is not a date.'],
    ['\'metric.type="custom/flags"\'', "'nothing'", '14:36 The cohort filter names no metric type.'],
    ['name: new-checkout', 'name: new checkout', '3:19 A flag name has'],
    ['  slos:', '  slo:', '8:3 Unknown field "slo" in spec. | Did you mean "slos"?'],
  ])('%j → %j', (from, to, expected) => {
    const { flag, problems } = read(good.replace(from, to));
    expect(problems.join('\n')).toContain(expected);
    expect(flag).toBeNull();
  });
});

test('an environment counts as protected unless its file says otherwise, and is named where it says nothing', () => {
  const { flag, problems } = read(good.replace(', protected: false', ''));
  expect(flag!.environments).toEqual([
    { name: 'development', protected: true },
    { name: 'production', protected: true },
  ]);
  expect(problems).toEqual([
    '11:7 "protected" is left out: development counts as protected. | Write protected: true, or protected: false where one press is to be enough.',
  ]);
});

test('a release without an end is warned of and kept', () => {
  const { flag, problems } = read(good.replace('  expires: 2027-03-31\n', ''));
  expect(problems[0]).toContain('A release flag without an expiry date tends to stay for good.');
  expect(flag!.expires).toBeNull();
});

describe('rollout', () => {
  const plan = (text: string) => read(`${good}  rollout:\n${text.replace(/^/gm, '    ')}`);

  test('a plan, where each stage says only what is its own', () => {
    const { flag, problems } = plan(`guards: [{ slo: shop-availability, judge: cohort }]
min_requests: 50
stages:
  - { percent: 5, hold: 10m }
  - { percent: 100, hold: 1h, approve: [sales], guards: [{ slo: shop-latency, over: 6 }] }`);
    expect(problems).toEqual([]);
    expect(flag?.rollout).toEqual({
      backTo: 'start',
      resume: 'by-person',
      shadow: false,
      stages: [
        {
          percent: 5,
          hold: 600_000,
          guards: [{ source: { kind: 'slo', slo: 'shop-availability' }, over: null, judge: 'cohort' }],
          minRequests: 50,
          window: { short: 5, long: 60 },
          approve: [],
        },
        {
          percent: 100,
          hold: 3_600_000,
          guards: [{ source: { kind: 'slo', slo: 'shop-latency' }, over: 6, judge: 'service' }],
          minRequests: 50,
          window: { short: 5, long: 60 },
          approve: ['sales'],
        },
      ],
    });
  });

  const impact = (name: string) =>
    read(`${good.replace('new-checkout', name).replace(/ {2}cohort: .*\n/, '')}  rollout:
    guards: [{ unleash: { name: failed, total: shop.answers, bad: shop-failed, under: 0.02 }, variant: green }]
    stages: [{ percent: 5, hold: 10m }]
`);

  test('impact metrics are named as SDKs define them, and need no cohort of Cloud Monitoring', () => {
    const { flag, problems } = impact('one-click');
    expect(problems).toEqual([]);
    expect(flag?.rollout?.stages[0]?.guards).toEqual([
      {
        source: { kind: 'impact', name: 'failed', total: 'shop_answers', bad: 'shop_failed', under: 0.02 },
        ...{ over: null, judge: 'cohort', variant: 'green' },
      },
    ]);
  });

  test('a flag that SDKs cannot send them along with is told', () => {
    expect(impact('2nd-click').problems[0]).toContain(
      '15:13 SDKs cannot send impact metrics along with the flag "2nd-click".',
    );
    expect(impact('environment').problems[0]).toContain('SDKs cannot send impact metrics');
  });

  test.each([
    ['guards: []\nstages: [{ percent: 5, hold: 10m }]', '16:13 A rollout without a guard is only a timetable'],
    ['guards: [{ slo: a, metric: { name: x } }]\nstages: [{ percent: 5, hold: 10m }]', '16:'],
    ['guards: [{}]\nstages: [{ percent: 5, hold: 10m }]', '16:14 A guard names an SLO (slo:) or a metric (metric:)'],
    [
      'guards: [{ slo: a }]\nstages: [{ percent: 0.5, hold: 10m }]',
      '17:25 "percent" must be a whole number, not the number 0.5.',
    ],
    ['guards: [{ slo: a }]\nstages: [{ percent: 5, hold: soon }]', '17:34 This is no stretch of 1 min to 14 d.'],
    ['guards: [{ slo: a }]\nstages: [{ percent: 5, hold: 10m, untill: 1h }]', '17:39 Unknown field "untill"'],
    ['guards: [{ slo: a }]\nstages: [{ percent: 5, hold: 2m }]', '17:'],
    [
      'guards: [{ slo: a }]\nmin_requests: 0\nstages: [{ percent: 5, hold: 10m }]',
      'A stage is judged by at least 1 request.',
    ],
    [
      'guards: [{ slo: a }]\nstages:\n  - { percent: 25, hold: 10m }\n  - { percent: 5, hold: 10m }',
      '19:20 Stage 2 sets 5 %, after 25 %: each stage goes further up.',
    ],
    [
      'guards: [{ slo: a, unleash: { name: x, total: t, bad: b, under: 0.1 } }]\nstages: [{ percent: 5, hold: 10m }]',
      '16:14 A guard names an SLO (slo:) or a metric (metric:), or impact metrics (unleash:), one of them.',
    ],
    [
      'guards: [{ unleash: { name: x, total: t, bad: b, under: 0.1 }, judge: service }]\nstages: [{ percent: 5, hold: 10m }]',
      '16:75 Impact metrics count those who have the flag: leave "judge" out, or write judge: cohort.',
    ],
    [
      'guards: [{ unleash: { name: x, total: t, bad: b, under: 0.1 }, over: 6 }]\nstages: [{ percent: 5, hold: 10m }]',
      '16:74 Impact metrics guard by their "under" alone.',
    ],
    [
      'guards: [{ unleash: { name: x, total: a-b, bad: a.b, under: 0.1 } }]\nstages: [{ percent: 5, hold: 10m }]',
      '16:53 All and bad ones are counted by two metrics of different names.',
    ],
    [
      'guards: [{ unleash: { name: x, total: 2nd, bad: b, under: 0.1 } }]\nstages: [{ percent: 5, hold: 10m }]',
      '16:43 Write the name that SDKs define the counter by: letters, digits, _ . - only.',
    ],
    [
      'guards: [{ slo: a, variant: green }]\nstages: [{ percent: 5, hold: 10m }]',
      '16:33 Only the cohort has variants: write judge: cohort beside it.',
    ],
  ])('what is wrong in it is said at its place: %j', (text, expected) => {
    const { flag, problems } = plan(text);
    expect(flag).toBeNull();
    expect(problems[0]).toContain(expected);
  });
});
