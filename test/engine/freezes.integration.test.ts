import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FreezeSpan } from '#app/domain/freeze/freeze.ts';
import type { RunStep } from '#app/domain/run/run.ts';
import type { EngineHooks } from '#app/engine/runs/port.ts';
import { appendAudit, createAuditStore } from '#app/stores/audit.server.ts';
import { createFreezeStore } from '#app/stores/freezes.server.ts';
import { disable, giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { by, confirm, gated, glass, kill, mary, openPlanned, restore, root } from './gated.ts';
import { ada, catalogOf, confirmPlanned, grace, startProcess, type TestProcess, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
let target: FakeTarget;
let process: TestProcess;

beforeEach(async () => {
  target = fakeTarget('off');
});
afterEach(async () => {
  await process.stop();
});

async function start(catalog = catalogOf([restore]), hooks?: EngineHooks): Promise<void> {
  const actions = [fakeAction('flag.restore', 'forward', target, 'on'), fakeAction('flag.kill', 'stop', target, 'off')];
  process = await startProcess({ url: database.url, catalog, actions, ...(hooks ? { hooks } : {}) });
  await giveAccounts(process.db, [ada, grace, mary, root]);
}

const store = () => createFreezeStore(process.db, async () => undefined, appendAudit);
const byRoot = () => ({ actor: root, at: Date.now(), address: null });
const launch = { reason: 'Launch day.', timeZone: 'Europe/Berlin' };

/** Makes a freeze of production that is in force now, unless said otherwise. */
function freeze(span: FreezeSpan = { kind: 'once', from: 0, until: Date.now() + 3_600_000 }, of = 'production') {
  return store().make({ scope: 'environment', target: of, ...launch, span }, byRoot());
}

test('a freeze refuses what goes forward until it is ended, shows in its plan, and lets everything else pass', async () => {
  target.value = 'on';
  await start(catalogOf([kill, restore]));
  const id = await freeze();
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(process, runId, 'kill');
  const planned = await untilStep(process, runId, 'restore', ['planned']);
  expect(target.value).toBe('off');
  expect(planned.plan?.preconditions.map(({ state, text }) => [state, text.includes('Launch day.')])).toEqual([
    ['fail', true],
  ]);
  const of = { runId, stepId: 'restore', hash: planned.planHash! };
  await expect(confirm(process, of, ada)).rejects.toMatchObject({ code: 'frozen' });
  await expect(confirm(process, of, root)).rejects.toMatchObject({ code: 'frozen' });
  expect(await store().end(id, byRoot())).toBe(true);
  expect(await store().end(id, byRoot())).toBe(false);
  await confirm(process, of, ada);
  await untilStep(process, runId, 'restore', ['succeeded']);
  const lines = await createAuditStore(process.db).page({ limit: 50 });
  expect(
    lines.filter(({ action }) => action.startsWith('freeze.')).map(({ action, target: on }) => [action, on]),
  ).toEqual([
    ['freeze.end', 'environment/production'],
    ['freeze.make', 'environment/production'],
  ]);
});

test('a freeze of another environment, or one that is over, keeps nobody', async () => {
  await start();
  await freeze(undefined, 'staging');
  await freeze({ kind: 'once', from: 0, until: Date.now() - 1 });
  const of = await openPlanned(process, ada);
  await confirm(process, of, ada);
  await untilStep(process, of.runId, 'restore', ['succeeded']);
  expect((await store().standing(Date.now())).map((one) => one.target)).toEqual(['staging']);
  expect(await store().past(Date.now(), 10)).toHaveLength(1);
});

test('approvals do not open a freeze, and are still there when it ends', async () => {
  await start(gated({ people: 1, from: [], requester: 'excluded' }));
  const of = await openPlanned(process, ada);
  await confirm(process, of, ada);
  const id = await freeze();
  await expect(process.runs.approve({ ...of, ...by(grace) })).rejects.toMatchObject({ code: 'frozen' });
  await store().end(id, byRoot());
  await process.runs.approve({ ...of, ...by(grace) });
  await untilStep(process, of.runId, 'restore', ['succeeded']);
});

test('a freeze that begins while a change waits for its target keeps it from going', async () => {
  const step = await confirmedWhileHeld(() => freeze());
  expect(step.reason).toBe('Changes are frozen: Launch day.');
  expect(target.effects).toEqual([]);
});

test('whoever was disabled since they confirmed a change that waits for its target changes nothing', async () => {
  const step = await confirmedWhileHeld(() => disable(process.db, ada));
  expect(step.reason).toMatch(/^Ada, who asked for this, may not act any more/);
  expect(target.effects).toEqual([]);
});

/** The step of a change that Ada confirmed while another held its target, when that lets go after something happened. */
async function confirmedWhileHeld(happens: () => Promise<unknown>): Promise<RunStep> {
  await start();
  const of = await openPlanned(process, ada);
  await process.db
    .insertInto('target_lock')
    .values({
      ...{ target: 'flag/production/voiceover-v2', run_id: 'other', step_id: 'kill', kind: 'stop', epoch: 1 },
      ...{ holder: 'Grace', taken_at: 1, preempted_by: null },
    })
    .execute();
  await confirm(process, of, ada);
  await untilStep(process, of.runId, 'restore', ['blocked']);
  await happens();
  await process.db.deleteFrom('target_lock').execute();
  await process.boss.send('run', { runId: of.runId, look: null }, { singletonKey: of.runId });
  return untilStep(process, of.runId, 'restore', ['planned', 'succeeded']);
}

test.each([
  ['before', [], 'planned', 'Changes are frozen: Launch day.'],
  ['after', ['on'], 'succeeded', null],
] as const)(
  'a freeze that began while nobody drove a declared change, lost %s its effect',
  async (side, effects, state, reason) => {
    let lost = false;
    await start(undefined, {
      async at(point) {
        if (lost || point !== (side === 'before' ? 'after-intent' : 'before-outcome')) return;
        lost = true;
        await freeze();
        throw Object.assign(new Error('the process died'), { name: 'Fenced' });
      },
    });
    const of = await openPlanned(process, ada);
    await confirm(process, of, ada);
    const step = await untilStep(process, of.runId, 'restore', ['planned', 'succeeded'], 40_000);
    expect([step.state, step.reason]).toEqual([state, reason]);
    expect(target.effects.map(({ value }) => value)).toEqual(effects);
    expect(await process.runs.holder('flag/production/voiceover-v2')).toBeNull();
  },
);

test('broken glass goes through a freeze, and says which one', async () => {
  await start();
  await freeze();
  const of = await openPlanned(process, ada);
  await process.runs.breakGlass({ ...of, ...glass, ...by(ada) });
  await untilStep(process, of.runId, 'restore', ['succeeded']);
  const [broken] = await process.runs.brokenGlass({ runId: of.runId });
  expect([broken?.missing, broken?.requester]).toEqual(['Changes are frozen: Launch day.', null]);
});

test('whoever lost their role since they broke the glass changes nothing', async () => {
  await start();
  await freeze();
  const of = await openPlanned(process, mary);
  await process.engine.stop(1_000);
  await process.runs.breakGlass({ ...of, ...glass, ...by(mary) });
  await giveAccounts(process.db, [{ ...mary, role: 'viewer' }]);
  await process.stop();
  await start();
  await giveAccounts(process.db, [{ ...mary, role: 'viewer' }]);
  const step = await untilStep(process, of.runId, 'restore', ['planned', 'succeeded']);
  expect([step.state, step.reason]).toEqual(['planned', 'Mary, who broke the glass, may not act any more.']);
  expect(target.effects).toEqual([]);
});
