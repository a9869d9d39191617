import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ActionContext } from '#app/actions/action.ts';
import { githubDispatch } from '#app/actions/github-dispatch.server.ts';
import { runWithKey } from '#app/actions/github-runs.server.ts';
import { createGitHubRead } from '#app/clients/github/read.server.ts';
import { createGitHubWrite } from '#app/clients/github/write.server.ts';
import { createResilience } from '#app/platform/resilience.ts';
import { place, startGitHub, studio, type TestGitHub } from '#test/simulator/github/start.ts';
import { actionContext, moveOf } from './context.ts';

let world: TestGitHub;
beforeEach(async () => {
  world = await startGitHub();
});
afterEach(() => world.stop());

const input = { ...place, ref: 'main', inputs: { queue: 'render' } };
const key = '0123456789abcdef/step/apply/1';

function parts(token: string | null = 'gh-token-1') {
  const resilience = createResilience({ system: 'GitHub', retries: 0 });
  const address = { ...world.address, token };
  return { read: createGitHubRead(address, resilience), write: createGitHubWrite(address, resilience) };
}
const patience = { every: 5, listed: 30, ended: 200 };
const action = (token?: string | null) => githubDispatch({ ...parts(token), patience });
const context = (part: Record<string, unknown> = {}): ActionContext => ({
  ...actionContext('github.dispatch', { ...input, ...part }),
  now: () => world.clock.now(),
});

test('the plan names the commit, the inputs and what is under way, and locks the workflow', async () => {
  const { plan } = await action().plan(context());
  expect(plan).toMatchObject({
    kind: 'forward',
    target: 'workflow/acme/studio/drain.yml',
    before: { sha: studio.refs.main },
    diff: [{ text: 'Drain the queue (drain.yml) on main at 8f3c1d2' }, { text: 'queue: render' }],
    preconditions: [{ state: 'pass', text: 'No run of it is under way.' }],
    refused: null,
  });
  expect(plan.commands[0]?.command).toBe(
    'gh workflow run drain.yml --repo acme/studio --ref main -f queue=render -f firebreak_key=by-hand',
  );
  await parts().write.dispatch(place, 'main', { queue: 'other' });
  expect((await action().plan(context())).plan.preconditions[0]?.state).toBe('fail');
  expect((await action(null).plan(context())).plan.refused).toContain('GITHUB_TOKEN is not set');
  expect((await action().plan(context({ workflow: 'off.yml' }))).plan.refused).toBe('off.yml is disabled on GitHub.');
});

test('it is dispatched once however often it is tried, and looked up before', async () => {
  const { plan } = await action().plan(context());
  const first = await action().apply(context(), moveOf(plan));
  const again = await action().apply(context(), moveOf(plan));
  expect(world.github.runs().map(({ inputs }) => inputs.firebreak_key)).toEqual([key]);
  expect(again.progress).toEqual(first.progress);
  expect(await action().observe(context(), moveOf(plan), 'apply')).toMatchObject({ state: 'done', applied: first });
});

test('what was never dispatched is not there, and what GitHub took and does not list is not known', async () => {
  const dispatch = action();
  const muted = context({ workflow: 'mute.yml', inputs: {} });
  const { plan } = await dispatch.plan(muted);
  expect((await dispatch.observe(muted, moveOf(plan), 'apply')).state).toBe('not_done');
  await expect(dispatch.apply(muted, moveOf(plan))).rejects.toThrow(
    'does mute.yml repeat firebreak_key in its run-name?',
  );
  expect((await dispatch.observe(muted, moveOf(plan), 'apply')).state).toBe('unknown');
});

test('a process that took over does not start again what may be there without its key', async () => {
  const muted = context({ workflow: 'mute.yml', inputs: {} });
  const dispatch = action();
  const { plan } = await dispatch.plan(muted);
  await expect(dispatch.apply(muted, moveOf(plan))).rejects.toThrow('run-name');
  expect(await action().observe(muted, moveOf(plan), 'apply')).toMatchObject({
    state: 'unknown',
    text: expect.stringMatching(/^GitHub lists a run that names no key, which may be this one: http/),
  });
});

test('a run of another step names its own key, and is not taken for this one', async () => {
  const { plan } = await action().plan(context());
  await action().apply(context(), moveOf(plan, { key: 'fedcba9876543210/other/apply/1' }));
  expect((await action().observe(context(), moveOf(plan), 'apply')).state).toBe('not_done');
});

test('it is followed to its end, and failing is failing', async () => {
  const dispatch = action();
  const { plan } = await dispatch.plan(context());
  const { progress } = await dispatch.apply(context(), moveOf(plan));
  const look = () => dispatch.follow!(context(), moveOf(plan, { progress }), null, world.clock.now());
  expect(await look()).toMatchObject({ ended: false, failed: null, effectAt: null });
  world.clock.advance(66_000);
  expect(await look()).toMatchObject({ ended: true, failed: null, effectAt: world.clock.now(), settled: true });

  world.github.endAs('failure');
  const second = moveOf(plan, { key: '0123456789abcdef/step/apply/2' });
  const { progress: other } = await dispatch.apply(context(), second);
  world.clock.advance(66_000);
  const failed = await dispatch.follow!(context(), { ...second, progress: other }, null, world.clock.now());
  expect(failed.failed).toMatch(/^The workflow ended as failure: http/);
});

test('a workflow that does not end is not waited for without an end', async () => {
  const dispatch = action();
  const bounded = context({ within: '30s' });
  const { plan } = await dispatch.plan(bounded);
  const { progress } = await dispatch.apply(bounded, moveOf(plan));
  const doneAt = world.clock.now();
  world.clock.advance(31_000);
  const late = await dispatch.follow!(bounded, moveOf(plan, { progress }), null, doneAt);
  expect(late.failed).toMatch(/^The workflow did not end within 30 s/);
});

test('its undo cancels what is under way, and says when there is nothing left to cancel', async () => {
  const dispatch = action();
  const { plan, capture } = await dispatch.plan(context());
  expect(capture).not.toBeNull();
  await dispatch.apply(context(), moveOf(plan));
  const undo = moveOf(plan, { captured: capture, key: '0123456789abcdef/step/undo/2' });
  expect(await dispatch.settled!(context(), undo)).toBe(false);
  const cancelling = dispatch.undo!(context(), undo);
  await expect.poll(() => world.github.runs()[0]?.conclusion).toBe('cancelled');
  world.clock.advance(2_000);
  await cancelling;
  expect(await dispatch.observe(context(), undo, 'undo')).toMatchObject({ state: 'done', text: 'it is cancelled' });
  // Whoever takes over asks again, and finds it cancelled.
  expect(await dispatch.undo!(context(), undo)).toMatchObject({ next: 'done' });
  await dispatch.apply(context(), moveOf(plan, { key: '0123456789abcdef/step/apply/3' }));
  world.clock.advance(120_000);
  await expect(dispatch.undo!(context(), undo)).rejects.toThrow('It has ended already, as success.');
  expect(await dispatch.settled!(context(), undo)).toBe(true);
});

test('a key is found whole: the tenth try is not the first', () => {
  const run = (id: number, title: string) => ({
    id,
    title,
    status: 'queued' as const,
    conclusion: null,
    url: '',
    createdAt: id,
  });
  const runs = [run(1, 'Drain (r/s/apply/10)'), run(2, 'Drain (r/s/apply/1)'), run(3, 'Drain (r/s/apply/12)')];
  expect(runWithKey(runs, 'r/s/apply/1')?.id).toBe(2);
  expect(runWithKey(runs.slice(0, 1), 'r/s/apply/1')).toBeNull();
});
