import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { disable, giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { by, confirm, gated, glass, kill, mary, openPlanned, restore, root } from './gated.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  grace,
  linus,
  startProcess,
  type TestProcess,
  untilStep,
  vera,
} from './harness.ts';

const database = testDatabase({ each: true });
let target: FakeTarget;
const started: TestProcess[] = [];

const everybody = [ada, grace, mary, root, linus, vera];

beforeEach(async () => {
  target = fakeTarget('off');
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

const two = { people: 2, from: [], requester: 'excluded' as const };
const one = { ...two, people: 1 };

async function start(
  catalog: Catalog,
  options: Partial<Parameters<typeof startProcess>[0]> = {},
): Promise<TestProcess> {
  const actions = [fakeAction('flag.restore', 'forward', target, 'on'), fakeAction('flag.kill', 'stop', target, 'off')];
  const process = await startProcess({ url: database.url, catalog, actions, ...options });
  started.push(process);
  await giveAccounts(process.db, everybody);
  return process;
}

/** Opens the runbook's run and asks for approval of its step as it is planned. */
async function ask(process: TestProcess, actor = ada) {
  const of = await openPlanned(process, actor);
  await confirm(process, of, actor);
  return of;
}

const actions = async (process: TestProcess, runId: string) =>
  (await createAuditStore(process.db).page({ limit: 100, runId })).map(({ action, actor }) => `${action} ${actor}`);

test('a gated change waits for two others, and goes with the second in the name of who asked', async () => {
  const process = await start(gated(two));
  const of = await ask(process);
  const waiting = await untilStep(process, of.runId, 'restore', ['awaiting-approval']);
  expect(waiting.confirmedBy).toBeNull();
  await process.runs.approve({ ...of, ...by(grace) });
  await process.runs.approve({ ...of, ...by(grace) });
  expect(target.effects).toEqual([]);
  const run = (await process.runs.get(of.runId))!;
  const { gate, request } = (await process.runs.gates(run)).restore!;
  expect([gate.state, gate.given, gate.needed]).toEqual(['approval', 1, 2]);
  expect(request?.approvals.map(({ actor }) => actor.name)).toEqual(['Grace']);
  await process.runs.approve({ ...of, ...by(mary) });
  const done = await untilStep(process, of.runId, 'restore', ['succeeded']);
  expect(done.confirmedBy).toBe('Ada');
  expect(target.effects).toHaveLength(1);
  expect((await process.runs.approvalRequests({ runId: of.runId }))[0]?.outcome).toBe('approved');
  expect((await actions(process, of.runId)).toReversed().slice(1, 5)).toEqual([
    'approval.asked ada@studio.example',
    'approval.given grace@studio.example',
    'approval.given mary@studio.example',
    'step.confirmed ada@studio.example',
  ]);
  await expect(process.runs.approve({ ...of, ...by(root) })).rejects.toMatchObject({ code: 'already_done' });
});

test('a stop and an undo ask nobody, however much the file asks for', async () => {
  target.value = 'on';
  const process = await start(gated(two, [kill]));
  const open = { template: 'burning', inputs: {}, incidentId: null, service: null };
  const runId = await process.runs.openRun(open, ada);
  await confirmPlanned(process, runId, 'kill');
  const { undoHash } = await untilStep(process, runId, 'kill', ['succeeded']);
  await process.runs.undo({ runId, stepId: 'kill', hash: undoHash!, reason: null, actor: ada });
  await untilStep(process, runId, 'kill', ['undone']);
  expect(target.value).toBe('on');
});

test('nobody approves what they asked for, viewers never, product people only where they are named', async () => {
  const process = await start(gated(one));
  const of = await ask(process);
  for (const actor of [ada, { ...ada, role: 'admin' as const }, vera, linus]) {
    await expect(process.runs.approve({ ...of, ...by(actor) })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(process.runs.reject({ ...of, ...by(actor), reason: 'No.' })).rejects.toMatchObject({
      code: 'forbidden',
    });
  }
  expect(target.effects).toEqual([]);
  await expect(process.runs.withdraw({ ...of, ...by(grace) })).rejects.toMatchObject({ code: 'forbidden' });
});

test('of two who approve at once as the last one, one effect comes', async () => {
  const process = await start(gated(one));
  const other = await start(gated(one));
  const of = await ask(process);
  const answers = await Promise.allSettled([
    process.runs.approve({ ...of, ...by(grace) }),
    other.runs.approve({ ...of, ...by(mary) }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await untilStep(process, of.runId, 'restore', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('a no sends it back with its reason, taking back does too, and each may be asked for again', async () => {
  const process = await start(gated(one));
  const of = await ask(process);
  await expect(process.runs.reject({ ...of, ...by(grace), reason: ' ' })).rejects.toMatchObject({
    code: 'reason_needed',
  });
  await process.runs.reject({ ...of, ...by(grace), reason: 'Not before the release notes.' });
  const rejected = await untilStep(process, of.runId, 'restore', ['planned']);
  expect(rejected.reason).toBe('Rejected by Grace: Not before the release notes.');
  await confirm(process, of, ada);
  await process.runs.withdraw({ ...of, ...by(ada) });
  await confirm(process, of, ada);
  await process.runs.approve({ ...of, ...by(grace) });
  await untilStep(process, of.runId, 'restore', ['succeeded']);
  const outcomes = (await process.runs.approvalRequests({ runId: of.runId })).map(({ outcome }) => outcome);
  expect(outcomes.sort()).toEqual(['approved', 'rejected', 'withdrawn']);
});

test('a yes of somebody who was disabled since does not count, and what a disabled person asked for never goes', async () => {
  const process = await start(gated(two));
  const of = await ask(process);
  await process.runs.approve({ ...of, ...by(grace) });
  await disable(process.db, grace);
  await process.runs.approve({ ...of, ...by(mary) });
  expect((await untilStep(process, of.runId, 'restore', ['awaiting-approval'])).state).toBe('awaiting-approval');
  await giveAccounts(process.db, [{ ...ada, role: 'viewer' }]);
  await process.runs.approve({ ...of, ...by(root) });
  const step = await untilStep(process, of.runId, 'restore', ['planned']);
  expect(step.reason).toMatch(/^Ada, who asked for this, may not act any more/);
  expect(target.effects).toEqual([]);
});

test('who loses their role between the last yes and the effect keeps it from coming', async () => {
  const web = await start(gated(one), { engine: false });
  const planner = await start(gated(one));
  const of = await ask(web);
  await planner.stop();
  started.splice(started.indexOf(planner), 1);
  await web.runs.approve({ ...of, ...by(grace) });
  await giveAccounts(web.db, [{ ...grace, role: 'viewer' }]);
  const engine = await startProcess({
    ...{ url: database.url, catalog: gated(one), actions: [fakeAction('flag.restore', 'forward', target, 'on')] },
  });
  started.push(engine);
  const step = await untilStep(engine, of.runId, 'restore', ['planned']);
  expect(step.reason).toMatch(/^Not done: what was approved does not hold any more/);
  expect(target.effects).toEqual([]);
});

test('when the world moves while it waits, what was given is void and the new plan is asked for anew', async () => {
  const process = await start(gated(two));
  const of = await ask(process);
  await process.runs.approve({ ...of, ...by(grace) });
  target.value = 'half';
  await process.db.updateTable('run_step').set({ drive: '{"replan":true}' }).where('run_id', '=', of.runId).execute();
  await process.boss.send('run', { runId: of.runId, look: null }, { singletonKey: of.runId });
  const step = await untilStep(process, of.runId, 'restore', ['planned']);
  expect(step.reason).toMatch(/void/);
  expect(step.planHash).not.toBe(of.hash);
  await expect(process.runs.approve({ ...of, ...by(mary) })).rejects.toMatchObject({ code: 'not_planned' });
  await confirm(process, { ...of, hash: step.planHash! }, ada);
  await expect(process.runs.approve({ ...of, ...by(mary) })).rejects.toMatchObject({ code: 'plan_stale' });
  const { request } = (await process.runs.gates((await process.runs.get(of.runId))!)).restore!;
  expect(request?.approvals).toEqual([]);
});

test('a reading that would do the same leaves it waiting, and approvals outlive the process', async () => {
  const first = await start(gated(two));
  const of = await ask(first);
  await first.runs.approve({ ...of, ...by(grace) });
  await first.db.updateTable('run_step').set({ drive: '{"replan":true}' }).where('run_id', '=', of.runId).execute();
  await first.stop();
  started.splice(started.indexOf(first), 1);
  const second = await start(gated(two));
  await second.boss.send('run', { runId: of.runId, look: null }, { singletonKey: of.runId });
  await expect
    .poll(async () => (await second.db.selectFrom('run_step').select('drive').executeTakeFirstOrThrow()).drive.replan)
    .toBeUndefined();
  await second.runs.approve({ ...of, ...by(mary) });
  await untilStep(second, of.runId, 'restore', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('what nobody approves in a day lapses', async () => {
  const process = await start(gated(one));
  const of = await ask(process);
  await process.db.updateTable('approval_request').set({ expires_at: 1 }).execute();
  const step = await untilStep(process, of.runId, 'restore', ['planned'], 40_000);
  expect(step.reason).toMatch(/Nobody approved this in time/);
  expect((await process.runs.approvalRequests({ runId: of.runId }))[0]?.outcome).toBe('expired');
});

test('cancelling the run, or passing the step over, ends what was asked', async () => {
  const process = await start(gated(one));
  const of = await ask(process);
  await process.runs.cancel({ runId: of.runId, reason: 'Not today.', actor: ada });
  expect((await process.runs.approvalRequests({ runId: of.runId }))[0]?.outcome).toBe('called-off');
  await expect(process.runs.approve({ ...of, ...by(grace) })).rejects.toMatchObject({ code: 'already_done' });
  expect(await process.runs.waitingApprovals()).toEqual([]);
});

test('breaking the glass goes at once, is written down, and a second person signs it off', async () => {
  const process = await start(gated(two));
  const of = await ask(process);
  const refused = async (input: Partial<typeof glass>, actor = mary) =>
    expect(process.runs.breakGlass({ ...of, ...glass, ...input, ...by(actor) })).rejects;
  await (await refused({ reason: 'Too short' })).toMatchObject({ code: 'reason_needed' });
  await (await refused({ acknowledged: false })).toMatchObject({ code: 'reason_needed' });
  await (await refused({}, linus)).toMatchObject({ code: 'forbidden' });
  await (await refused({}, vera)).toMatchObject({ code: 'forbidden' });
  await process.runs.breakGlass({ ...of, ...glass, ...by(mary) });
  const done = await untilStep(process, of.runId, 'restore', ['succeeded']);
  expect(done.confirmedBy).toBe('Mary');
  expect(await actions(process, of.runId)).toContain('step.break-glass mary@studio.example');
  const [owed] = await process.runs.brokenGlass('owed');
  expect(owed).toMatchObject({
    by: { name: 'Mary' },
    requester: { name: 'Ada' },
    reason: glass.reason,
    signedBy: null,
  });
  const signOff = (actor: Actor, sentence = 'I looked at it: the launch was right.') =>
    process.runs.signOff({ followUpId: owed!.followUpId, sentence, ...by(actor) });
  await expect(signOff(mary)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(signOff(ada)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(signOff(linus)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(signOff(grace, ' ')).rejects.toMatchObject({ code: 'reason_needed' });
  await signOff(grace);
  await expect(signOff(root)).rejects.toMatchObject({ code: 'already_done' });
  expect(await process.runs.brokenGlass('owed')).toEqual([]);
  const [followUp] = await process.db.selectFrom('follow_up').selectAll().where('kind', '=', 'sign-off').execute();
  expect([followUp?.cleared_by, followUp!.due_at! - followUp!.opened_at]).toEqual([grace.email, 24 * 3_600_000]);
});

test('a yes of somebody who was disabled since is none when the glass is broken either', async () => {
  const process = await start(gated(two));
  const of = await ask(process);
  await process.runs.approve({ ...of, ...by(grace) });
  await disable(process.db, grace);
  await process.runs.approve({ ...of, ...by(mary) });
  await process.runs.breakGlass({ ...of, ...glass, ...by(root) });
  await untilStep(process, of.runId, 'restore', ['succeeded']);
  const [owed] = await process.runs.brokenGlass('owed');
  expect(owed?.missing).toContain('1 so far');
});

test('where nothing stands in the way there is no glass to break', async () => {
  const process = await start(catalogOf([restore]));
  const of = await openPlanned(process, ada);
  await expect(process.runs.breakGlass({ ...of, ...glass, ...by(ada) })).rejects.toMatchObject({ code: 'not_planned' });
});

test('product people ask for their own flags and never approve what they asked for', async () => {
  const process = await start(gated({ people: 1, from: ['voice'], requester: 'may' }));
  const nina: Actor = { email: 'nina@studio.example', name: 'Nina', role: 'product', teams: ['voice'] };
  await giveAccounts(process.db, [nina]);
  const of = await ask(process, linus);
  await expect(process.runs.approve({ ...of, ...by(linus) })).rejects.toMatchObject({ code: 'forbidden' });
  await expect(process.runs.approve({ ...of, ...by(grace) })).rejects.toMatchObject({ code: 'forbidden' });
  await process.runs.approve({ ...of, ...by(nina) });
  await untilStep(process, of.runId, 'restore', ['succeeded']);
});

test('what a program asks for is no yes of its owner, who may give one; the audit names the key to the end', async () => {
  const process = await start(gated({ people: 2, from: [], requester: 'may' }));
  const of = await ask(process, { ...ada, name: 'Ada (key ci)', key: 'ci' });
  await process.runs.approve({ ...of, ...by(grace) });
  const { gate } = (await process.runs.gates((await process.runs.get(of.runId))!)).restore!;
  expect([gate.state, gate.given]).toEqual(['approval', 1]);
  await process.runs.approve({ ...of, ...by(ada) });
  await untilStep(process, of.runId, 'restore', ['succeeded']);
  const lines = await actions(process, of.runId);
  for (const action of ['step.confirmed', 'step.intent', 'step.done'])
    expect(lines).toContain(`${action} ada@studio.example (key ci)`);
});

test('nobody approves what has waited for longer than a day, also before the engine has ended it', async () => {
  const process = await start(gated(one));
  const of = await ask(process);
  await process.engine.stop(1_000);
  await process.db.updateTable('approval_request').set({ expires_at: 1 }).execute();
  await expect(process.runs.approve({ ...of, ...by(grace) })).rejects.toMatchObject({ code: 'plan_stale' });
  expect(target.effects).toEqual([]);
});

test('a run that has ended offers nothing at its gates', async () => {
  const process = await start(gated(one));
  const of = await openPlanned(process, ada);
  expect(Object.keys(await process.runs.gates((await process.runs.get(of.runId))!))).toEqual(['restore']);
  await process.db.updateTable('run').set({ state: 'cancelled' }).execute();
  expect(await process.runs.gates((await process.runs.get(of.runId))!)).toEqual({});
});
