import { expect, test } from 'vitest';
import type { ActionContext, Move } from '#app/actions/action.ts';
import { flagExpose } from '#app/actions/flag-expose.server.ts';
import { flagState, rollout } from '../domain/flag/strategies.ts';

/** A flag that was planned at 5 %, as Unleash has it when the plan is carried out, and once usage was read. */
function carriedOut(now: ReturnType<typeof flagState>, later = now) {
  let state = now;
  const written: string[] = [];
  const write = new Proxy({}, { get: (_, name) => async () => void written.push(String(name)) });
  const usage = async () => {
    state = later;
    return [];
  };
  const unleash = { flag: async () => ({ environments: [state] }), usage };
  const action = flagExpose({ unleash, write } as unknown as Parameters<typeof flagExpose>[0]);
  const input = { flag: 'f', environment: 'production', percent: 25 };
  const context = { input, signal: new AbortController().signal, now: () => 0, speed: () => 1 };
  const after = flagState(true, [rollout(25)]);
  const move = { plan: { before: flagState(true, [rollout(5)]), after } } as unknown as Move;
  return { written, done: action.apply(context as unknown as ActionContext, move) };
}

test('it writes onto the state that was planned for', async () => {
  const { written, done } = carriedOut(flagState(true, [rollout(5)]));
  expect(await done).toMatchObject({ next: 'done', evidence: { expected: true, partial: true } });
  expect(written).toEqual(['updateStrategy']);
});

test.each([
  ['another share', flagState(true, [rollout(50)])],
  ['a forgotten strategy', flagState(true, [rollout(5), rollout(1)])],
  ['off', flagState(false, [rollout(5)])],
])('onto %s, which somebody else has set in that moment, it writes nothing', async (_, now) => {
  const { written, done } = carriedOut(now);
  await expect(done).rejects.toMatchObject({ code: 'plan_stale' });
  expect(written).toEqual([]);
});

test('nor onto what somebody else sets while usage is read: nothing is awaited between comparing and writing', async () => {
  const { written, done } = carriedOut(flagState(true, [rollout(5)]), flagState(false, [rollout(5)]));
  await expect(done).rejects.toMatchObject({ code: 'plan_stale' });
  expect(written).toEqual([]);
});

test('an expose that is taken back brings back what the kill left, where the flag is safe again and only there', () => {
  const action = flagExpose({} as unknown as Parameters<typeof flagExpose>[0]);
  const context = { catalog: { flags: [{ name: 'f', safe: { state: 'off' } }] } } as unknown as ActionContext;
  const left = (captured: ReturnType<typeof flagState>, direction: 'apply' | 'undo') => {
    const plan = { target: 'flag/production/f', after: flagState(true, [rollout(5)]) };
    return action.leaves!(context, { plan, captured } as unknown as Move, direction);
  };
  const killed = flagState(false, [rollout(25)]);
  expect(left(killed, 'apply')).toEqual({ followUp: null, clears: 'flag/production/f' });
  expect(left(killed, 'undo')).toEqual({ followUp: null, clears: null, reopens: 'flag/production/f' });
  expect(left(flagState(true, [rollout(1)]), 'undo')).toEqual({ followUp: null, clears: null, reopens: null });
});
