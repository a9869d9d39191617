import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { readTimeline } from '#app/stores/incident/timeline.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from './fake-target.ts';
import { ada, catalogOf, startProcess, stepOf, type TestProcess, untilStep, vera } from './harness.ts';

const database = testDatabase({ each: true });
let process: TestProcess;
let target: FakeTarget;
let runId: string;

const flag = { flag: 'voiceover-v2', environment: 'production' };
const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: flag });
const title = 'Set it to off';

beforeEach(async () => {
  target = fakeTarget('on');
});
afterEach(async () => {
  await process.stop();
});

async function open(action: Action, mode: 'observe' | 'act' = 'act'): Promise<void> {
  process = await startProcess({ url: database.url, actions: [action], catalog: catalogOf([kill]), mode });
  runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);
}

const tell = (seen = 'Unleash shows it off.', actor = ada) =>
  process.runs.byHand({ runId, stepId: 'kill', seen, actor, address: null });
const lines = async () =>
  (await createAuditStore(process.db).page({ limit: 20, runId })).map(({ action, reason }) => [action, reason]);

test('in a console that only observes a person does it, and the target agrees: done, in their name, with nothing sent', async () => {
  await open(fakeAction('flag.kill', 'stop', target, 'off'), 'observe');
  await untilStep(process, runId, 'kill', ['planned']);
  target.value = 'off';
  await tell();
  const done = await untilStep(process, runId, 'kill', ['succeeded']);
  expect(done).toMatchObject({
    result: 'none',
    confirmedBy: 'Ada',
    captured: null,
    undoable: false,
    evidence: { doneByHandBy: 'Ada: Unleash shows it off.', theTarget: 'agrees: it is off now.' },
  });
  expect(target.effects).toEqual([]);
  expect(await lines()).toContainEqual(['step.by-hand', 'done by hand by Ada: Unleash shows it off.']);
  expect(await createAuditStore(process.db).verify()).toMatchObject({ ok: true });
  await expect.poll(async () => (await process.runs.get(runId))?.state).toBe('done');
});

test('a target that says otherwise refutes it: the step failed, and can be told again', async () => {
  await open(fakeAction('flag.kill', 'stop', target, 'off'));
  await untilStep(process, runId, 'kill', ['planned']);
  await tell('I pressed the switch.');
  const failed = await untilStep(process, runId, 'kill', ['failed']);
  expect(failed.reason).toContain('Ada reported it as done by hand, and the target does not agree: it is on now.');
  target.value = 'off';
  await tell('Now it is off.');
  expect(await untilStep(process, runId, 'kill', ['succeeded'])).toMatchObject({
    evidence: { theTarget: 'agrees: it is off now.' },
  });
});

test('where only a key of ours would show it, their word stands and is marked; the timeline does not call it in force', async () => {
  const { stands: _stands, ...keyed } = fakeAction('flag.kill', 'stop', target, 'off');
  await open(keyed);
  const incident = { id: 'inc', title: 'Voiceover burns', status: 'open', opened_at: 1, children: '[]' } as const;
  await process.db.insertInto('incident').values(incident).execute();
  await process.db.updateTable('run').set({ incident_id: 'inc' }).execute();
  await untilStep(process, runId, 'kill', ['planned']);
  await tell();
  expect(await untilStep(process, runId, 'kill', ['succeeded'])).toMatchObject({
    evidence: { theTarget: 'does not show it: it is on.' },
  });
  expect((await readTimeline(process.db, 'inc')).map(({ text }) => text)).toEqual([
    `By hand: ${title}. Unleash shows it off.`,
    `Done by hand: ${title}`,
  ]);
});

test('a step whose plan cannot even be read is told all the same', async () => {
  target.unreadable = new Error('Unleash answered 403');
  await open(fakeAction('flag.kill', 'stop', target, 'off'));
  await expect.poll(async () => (await process.runs.get(runId))?.steps[0]?.reason).toContain('403');
  await tell();
  expect(await untilStep(process, runId, 'kill', ['succeeded'])).toMatchObject({
    evidence: { theTarget: 'cannot be seen: no plan was made of this step.' },
  });
});

test('a step that Firebreak carried out is not told again, a viewer tells nothing, and nothing is told without words', async () => {
  await open(fakeAction('flag.kill', 'stop', target, 'off'));
  await untilStep(process, runId, 'kill', ['planned']);
  await expect(tell('I did it.', vera)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(tell('  ')).rejects.toMatchObject({ code: 'reason_needed' });
  const planned = await untilStep(process, runId, 'kill', ['planned']);
  expect(planned.plan?.title).toBe(title);
  const given = { runId, stepId: 'kill', hash: planned.planHash!, reason: null, acknowledged: false, outcome: null };
  await process.runs.confirm({ ...given, actor: ada, address: null });
  await untilStep(process, runId, 'kill', ['succeeded']);
  await expect(tell()).rejects.toMatchObject({ code: 'already_done' });
});
