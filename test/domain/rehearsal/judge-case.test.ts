import { expect, test } from 'vitest';
import { judgeCase, type Seen } from '#app/domain/rehearsal/judge-case.ts';
import type { Expectation } from '#app/domain/rehearsal/rehearsal.ts';

const nothing: Expectation = {
  run: null,
  steps: {},
  flags: {},
  traffic: {},
  followUps: null,
  incident: null,
};
const seen: Seen = {
  run: 'open',
  steps: {
    kill: { state: 'succeeded', result: 'not_improved', kind: 'stop', reason: null, outputs: { flag: 'v2' } },
    tell: { state: 'planned', result: 'none', kind: 'people', reason: null, outputs: {} },
    undo: { state: 'failed', result: 'none', kind: 'stop', reason: 'Unleash answered 500', outputs: {} },
  },
  flags: { 'production/v2': 'off', 'development/v2': 25, 'production/gone': null, 'production/all': 100 },
  traffic: { api: 'latest' },
  followUps: ['v2', 'api'],
  incident: 'open',
};
const anyStep = { result: null, kind: null, reason: null, outputs: {} };
const judged = (expect: Partial<Expectation>) =>
  judgeCase({ ...nothing, ...expect }, seen).map(({ path, message }) => `${path} ${message}`);

test('what holds is not spoken of', () => {
  expect(
    judged({
      run: 'open',
      steps: {
        kill: { state: 'succeeded', result: 'not_improved', kind: 'stop', reason: null, outputs: { flag: 'v2' } },
        undo: { ...anyStep, state: 'failed', reason: 'answered 500' },
      },
      flags: { v2: 'off', 'development/v2': 25, all: 'on' },
      traffic: { api: 'latest' },
      followUps: ['api', 'v2'],
      incident: 'open',
    }),
  ).toEqual([]);
  expect(judged({})).toEqual([]);
});

test('each step that is otherwise is named with what it is and why', () => {
  const step = (over: object) => ({ kill: { ...anyStep, state: 'succeeded' as const, ...over } });
  expect(judged({ steps: { undo: { ...anyStep, state: 'succeeded' } } })).toEqual([
    'expect.steps.undo undo is failed, not succeeded: Unleash answered 500',
  ]);
  expect(judged({ steps: step({ result: 'improved' }) })).toEqual([
    'expect.steps.kill The verification of kill says not_improved, not improved',
  ]);
  expect(judged({ steps: step({ kind: 'forward' }) })).toEqual(['expect.steps.kill kill is a stop, not a forward.']);
  expect(judged({ steps: step({ outputs: { flag: 'v3', other: '1' } }) })).toEqual([
    'expect.steps.kill The output flag of kill is "v2", not "v3".',
    'expect.steps.kill The output other of kill is nothing, not "1".',
  ]);
  expect(judged({ steps: { undo: { ...anyStep, state: 'failed', reason: 'timed out' } } })).toEqual([
    'expect.steps.undo undo says "Unleash answered 500", where "timed out" was expected.',
  ]);
  expect(judged({ steps: { gone: { ...anyStep, state: 'failed' } } })).toEqual([
    'expect.steps.gone The run has no step gone.',
  ]);
});

test('an output is a key of its own, never one that every object has', () => {
  const steps = { kill: { ...anyStep, state: 'succeeded' as const, outputs: { constructor: 'x' } } };
  expect(judged({ steps })).toEqual(['expect.steps.kill The output constructor of kill is nothing, not "x".']);
});

test('the world that is otherwise is named', () => {
  expect(
    judged({ run: 'done', flags: { v2: 5, gone: 'off' }, traffic: { api: 'pinned' }, incident: 'resolved' }),
  ).toEqual([
    'expect.run The run is open, not done.',
    'expect.flags.v2 The flag v2 is off, not on for 5 %.',
    'expect.flags.gone The flag gone is not known to Unleash, not off.',
    'expect.traffic.api The traffic of api is on the latest revision, not pinned to an earlier revision.',
    'expect.incident The incident is open, not resolved.',
  ]);
});

test('what is left behind is exactly what was expected', () => {
  expect(judged({ followUps: ['v2'] })).toEqual([
    'expect.follow_ups The run leaves api behind, which was not expected.',
  ]);
  expect(judged({ followUps: ['v2', 'api', 'db'] })).toEqual([
    'expect.follow_ups Nothing reminds of db: the run left no follow-up.',
  ]);
});
