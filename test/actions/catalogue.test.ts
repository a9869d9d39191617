import { expect, test } from 'vitest';
import { createActions } from '#app/actions/actions.server.ts';
import type { Plan } from '#app/domain/run/run.ts';
import { actionFacts, actionNames } from '#app/domain/runbook/actions.ts';

/** A stand-in for parts that making the catalogue only hands on. */
const nothing: never = new Proxy({}, { get: () => nothing }) as never;
const actions = createActions({
  outside: nothing,
  stores: nothing,
  clock: nothing,
  from: 'firebreak@studio.example',
  mode: 'act',
  environment: 'production',
  link: (path) => path,
  redact: (text) => text,
});

test('what files may name is what can be done, and nothing else', () => {
  expect([...actions.keys()].sort()).toEqual([...actionNames].sort());
});

test.each(actionNames)('%s stands in the failure table as it is carried out', (name) => {
  const action = actions.get(name)!;
  const facts = actionFacts(name)!;
  expect(action.uses).toBe(name);
  // An action that decides by its plan asks a person unless the plan says otherwise.
  const { recovery } = action;
  const usual = typeof recovery === 'function' ? recovery({ after: {} } as Plan) : recovery;
  expect(usual).toBe(facts.recovery);
  const change = ['stop', 'forward'].includes(facts.kind({}));
  expect(facts.change).toBe(change);
  expect(facts.target !== undefined).toBe(change);
  // What changes the world and can be seen there proves itself; nothing inside Firebreak may claim to change it.
  if (facts.inside) expect(change).toBe(false);
});
