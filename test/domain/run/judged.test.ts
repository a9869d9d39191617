import { expect, test } from 'vitest';
import { doneLines } from '#app/domain/run/done-words.ts';
import { judgedAfter, judgingSlo, unjudged } from '#app/domain/run/judged.ts';
import { catalogOf } from '../../engine/harness.ts';
import { killPlan, step } from '../../support/pages/runs.ts';
import { anSlo } from '../slo/make.ts';

const slo = anSlo().id;
const flag = { ...catalogOf([]).flags[0]!, slos: [slo, 'other'] };
const catalog = { flags: [flag], slos: [anSlo(), anSlo({ id: 'other' })] };
const inputs = { flag: flag.name, environment: 'production' };

test.each([
  ['template:flag.expose', inputs, slo],
  ['template:flag.restore', inputs, slo],
  ['template:flag.expose', { ...inputs, slo: 'other' }, 'other'],
  ['template:flag.expose', { ...inputs, environment: 'development' }, null],
  ['template:flag.expose', { ...inputs, flag: 'nobody-declares-it' }, null],
  ['template:flag.kill', inputs, null],
  ['a-runbook', inputs, null],
])('%s with %j is judged by %s', (template, given, judge) => {
  expect(judgingSlo(template, given, catalog, 'production')).toBe(judge);
});

test('an SLO that is not in the catalog judges nothing', () => {
  expect(judgingSlo('template:flag.expose', inputs, { ...catalog, slos: [] }, 'production')).toBeNull();
});

test('it is said beforehand what judges it, and that nothing does', () => {
  expect(judgedAfter('template:flag.expose', inputs, catalog, 'production')).toBe(`${slo} judges it afterwards.`);
  expect(judgedAfter('template:flag.expose', inputs, catalog, 'staging')).toBe('No SLO judges it afterwards.');
  expect(judgedAfter('template:flag.expose', inputs, null, 'production')).toBeNull();
});

test('a change forward that nothing judged says so, a stop and one that an SLO judges do not', () => {
  const forward = { ...killPlan(0), kind: 'forward' as const, verify: null };
  const verify = { slo, burnUnder: 1, window: '5m', within: 900_000 };
  // A stage's run has no SLO of its own, and its rollout's guards judge it: neither text denies that.
  expect(unjudged(forward)).toMatch(/^by no SLO.*only a rollout that it is a step of judges/);
  expect([null, { ...forward, verify }, { ...forward, kind: 'stop' as const }].map(unjudged)).toEqual([
    null,
    null,
    null,
  ]);
  // What a flag is called is read back, and reaches nobody.
  expect(unjudged({ ...forward, action: 'flag.define' })).toMatch(/^by reading it back; no SLO is asked/);
  const done = step('set', 0, {
    plan: forward,
    state: 'succeeded',
    confirmedBy: 'Ada',
    confirmedAt: 0,
    result: 'none',
  });
  expect(doneLines([done])[0]).toMatch(/: done; no SLO judged it in its run$/);
  expect(doneLines([{ ...done, plan: { ...forward, verify }, result: 'no_data' }])[0]).toMatch(/too little data/);
});
