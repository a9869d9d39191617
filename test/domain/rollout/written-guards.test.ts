import { describe, expect, test } from 'vitest';
import { noGuards, readWrittenGuards, type WrittenGuards } from '#app/domain/rollout/written-guards.ts';

const flag = { kind: 'flag', flag: 'new-checkout', environment: 'production' } as const;
const projects = ['pay', 'shop'];
const paid = 'metric.type="paid"';
const metric = {
  ...{ metricName: 'declined', metricProject: 'shop', metricTotal: paid, metricBad: `${paid} metric.label.ok="no"` },
  metricUnder: '2',
};
const impact = { impactName: 'failed', impactTotal: 'shop.answers', impactBad: 'shop-failed', impactUnder: '0,5 %' };
const read = (part: Partial<WrittenGuards>, subject: Parameters<typeof readWrittenGuards>[1] = flag) =>
  readWrittenGuards({ ...noGuards(projects), ...part }, subject, projects);

test('nothing written is no guard, also with the project that stands there', () => {
  expect(readWrittenGuards(noGuards(['shop']), flag, ['shop'])).toEqual({ guards: [] });
  expect(noGuards(['shop']).metricProject).toBe('shop');
  expect(noGuards(projects).metricProject).toBe('');
});

test('both kinds are read as a file’s are', () => {
  expect(read({ ...metric, metricTotal: `\n ${paid}\n ` })).toEqual({
    guards: [
      {
        source: {
          ...{ kind: 'metric', name: 'declined', project: 'shop', under: 0.02 },
          ...{ total: paid, bad: metric.metricBad },
        },
        ...{ over: null, judge: 'service' },
      },
    ],
  });
  expect(read(impact)).toEqual({
    guards: [
      {
        source: { kind: 'impact', name: 'failed', total: 'shop_answers', bad: 'shop_failed', under: 0.005 },
        ...{ over: null, judge: 'cohort' },
      },
    ],
  });
  expect(read({ ...metric, ...impact })).toMatchObject({ guards: [{}, {}] });
});

describe('what is wrong is said at its field', () => {
  test.each<[Partial<WrittenGuards>, string, string]>([
    [{ ...metric, metricName: ' ' }, 'metricName', 'Give the guard a name.'],
    [{ ...metric, metricProject: '' }, 'metricProject', 'Name the project'],
    [{ ...metric, metricProject: 'bank' }, 'metricProject', 'Metrics are read here of pay, shop, which files declare.'],
    [
      { ...metric, metricTotal: '' },
      'metricTotal',
      'exactly one metric type, this one names none. Begin with metric.type="…".',
    ],
    [{ ...metric, metricTotal: `${paid} OR metric.type="x"` }, 'metricTotal', 'this one names 2'],
    [{ ...metric, metricBad: `${paid} metric.label.ok="no` }, 'metricBad', 'A quote is not closed'],
    [{ ...metric, metricBad: paid }, 'metricBad', 'these are the same'],
    [{ ...metric, metricUnder: '' }, 'metricUnder', 'such as 2 or 0.5'],
    [{ ...metric, metricUnder: 'some' }, 'metricUnder', 'such as 2 or 0.5'],
    [{ ...metric, metricUnder: '0' }, 'metricUnder', '0 % is no bound for bad ones'],
    [{ ...metric, metricUnder: '150' }, 'metricUnder', '150 % is no bound for bad ones'],
    [{ metricUnder: '2' }, 'metricName', 'Give the guard a name.'],
    [{ ...impact, impactTotal: '2nd' }, 'impactTotal', 'Write the name that SDKs define the counter by'],
    [{ ...impact, impactBad: 'shop_answers' }, 'impactBad', 'two metrics of different names'],
    [{ ...impact, impactUnder: '100' }, 'impactUnder', '100 % is no bound'],
  ])('%j', (part, field, said) => {
    expect(read(part)).toMatchObject({ field, problem: expect.stringContaining(said) });
  });

  test('impact metrics of a revision, or of a flag that SDKs cannot name', () => {
    const revision = { kind: 'revision', service: 'shop', revision: 'shop-2' } as const;
    expect(read(impact, revision)).toMatchObject({
      field: 'impactName',
      problem: expect.stringContaining('told apart by flags'),
    });
    expect(read(metric, revision)).toMatchObject({ guards: [{}] });
    expect(read(impact, { ...flag, flag: '2nd' })).toMatchObject({ problem: expect.stringContaining('"2nd"') });
  });

  test('where no file names a project, none may be asked', () => {
    expect(readWrittenGuards({ ...noGuards([]), ...metric }, flag, [])).toMatchObject({ field: 'metricProject' });
  });
});
