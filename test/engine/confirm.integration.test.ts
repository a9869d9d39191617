import { afterEach, expect, test } from 'vitest';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  grace,
  linus,
  openAndConfirm,
  startProcess,
  stepOf,
  type TestProcess,
  untilStep,
  vera,
} from './harness.ts';

const database = testDatabase({ each: true });
const started: TestProcess[] = [];

afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: { flag: 'voiceover-v2', environment: 'production' } });
const base: { reason: string | null; acknowledged: boolean; outcome: string | null; address: null } = {
  reason: null,
  acknowledged: false,
  outcome: null,
  address: null,
};
const open = { template: 'burning', inputs: {}, incidentId: null, service: null };

async function start(options: Omit<Parameters<typeof startProcess>[0], 'url'>): Promise<TestProcess> {
  const process = await startProcess({ url: database.url, ...options });
  started.push(process);
  return process;
}

test('of twelve confirmations at once through two processes one takes effect', async () => {
  const target = fakeTarget('on');
  const options = { actions: [fakeAction('flag.kill', 'stop', target, 'off')], catalog: catalogOf([kill]) };
  const [one, two] = [await start(options), await start(options)];
  const runId = await one.runs.openRun(open, ada);
  const { planHash } = await untilStep(one, runId, 'kill', ['planned']);
  const people = [ada, grace];
  const answers = await Promise.allSettled(
    Array.from({ length: 12 }, (_, i) =>
      (i % 2 ? one : two).runs.confirm({ runId, stepId: 'kill', hash: planHash!, actor: people[i % 2]!, ...base }),
    ),
  );
  expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason.code).toBe('already_done');
  await untilStep(one, runId, 'kill', ['succeeded']);
  expect(target.effects).toHaveLength(1);
});

test('a forward plan whose world moved is refused and shown again; a stop goes through and captures what it found', async () => {
  const target = fakeTarget('off');
  const restore = stepOf({ id: 'restore', uses: 'flag.restore', with: kill.with });
  const process = await start({
    actions: [fakeAction('flag.restore', 'forward', target, '25 %'), fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([restore, kill]),
  });
  const runId = await process.runs.openRun(open, ada);
  const first = await untilStep(process, runId, 'restore', ['planned']);
  target.value = '5 %';
  await process.runs.confirm({ runId, stepId: 'restore', hash: first.planHash!, actor: ada, ...base });
  const again = await untilStep(process, runId, 'restore', ['planned']);
  expect(again.planHash).not.toBe(first.planHash);
  expect(again).toMatchObject({ plan: { before: '5 %' }, confirmedBy: null });
  expect(again.reason).toContain('The world moved');
  expect(target.effects).toEqual([]);
  await expect(
    process.runs.confirm({ runId, stepId: 'restore', hash: first.planHash!, actor: ada, ...base }),
  ).rejects.toMatchObject({ code: 'plan_stale' });
  await process.runs.confirm({ runId, stepId: 'restore', hash: again.planHash!, actor: ada, ...base });
  await untilStep(process, runId, 'restore', ['succeeded']);

  await untilStep(process, runId, 'kill', ['planned']);
  target.value = '50 %';
  await confirmPlanned(process, runId, 'kill');
  expect(await untilStep(process, runId, 'kill', ['succeeded'])).toMatchObject({ captured: '50 %' });
});

test('confirming a change acknowledges its page where that is wished for, and the audit says so', async () => {
  const target = fakeTarget('on');
  const actions = [fakeAction('flag.kill', 'stop', target, 'off'), fakeAction('flag.restore', 'forward', target, 'on')];
  const steps = [kill, stepOf({ ...kill, id: 'restore', uses: 'flag.restore' })];
  const process = await start({ actions, catalog: catalogOf(steps), engine: true });
  const { db, runs } = process;
  const incident = { id: 'inc', title: 'Burning', status: 'open' as const, opened_at: 1, children: '[]' };
  await db.insertInto('incident').values(incident).execute();
  const row = (id: string, status: 'triggered' | 'acknowledged') => ({
    ...{ id, incident_id: 'inc', status, service: null, read_at: 1 },
    body: JSON.stringify({ id, status, createdAt: 1 }),
  });
  await db
    .insertInto('pagerduty_incident')
    .values([row('Q1', 'triggered'), row('Q2', 'acknowledged')])
    .execute();
  const runId = await runs.openRun({ ...open, incidentId: 'inc' }, linus);
  const confirm = async (stepId: string, actor: typeof ada) => {
    const { planHash: hash } = await untilStep(process, runId, stepId, ['planned']);
    await runs.confirm({ runId, stepId, hash: hash!, actor, ...base, acknowledgePage: true });
    await untilStep(process, runId, stepId, ['succeeded']);
    const kept = await db.selectFrom('outbox').select(['kind', 'body']).execute();
    const [line] = (await createAuditStore(db).page({ limit: 9, runId })).filter(
      (entry) => entry.action === 'step.confirmed' && entry.stepId === stepId,
    );
    return { kept, audited: (line!.after as { acknowledges?: string[] }).acknowledges };
  };
  // Product people act on their flag, and are nobody's page.
  expect(await confirm('kill', linus)).toEqual({ kept: [], audited: undefined });
  expect(await confirm('restore', ada)).toEqual({
    kept: [{ kind: 'pagerduty-acknowledge', body: { pagerDutyId: 'Q1', by: 'ada@studio.example' } }],
    audited: ['Q1'],
  });
});

test('a viewer confirms nothing, product only flags they own', async () => {
  const target = fakeTarget('on');
  const foreign = stepOf({
    id: 'foreign',
    uses: 'flag.kill',
    with: { flag: 'moodboard-analysis-v3', environment: 'production' },
  });
  const note = stepOf({ id: 'note', uses: 'pagerduty.note', with: { text: 'done' } });
  const process = await start({
    actions: [
      fakeAction('flag.kill', 'stop', target, 'off'),
      fakeAction('pagerduty.note', 'people', fakeTarget('none'), 'written'),
    ],
    catalog: catalogOf([kill, note, foreign]),
  });
  await expect(process.runs.openRun(open, vera)).rejects.toMatchObject({ code: 'forbidden' });
  const runId = await process.runs.openRun(open, linus);
  const { planHash } = await untilStep(process, runId, 'kill', ['planned']);
  await expect(
    process.runs.confirm({ runId, stepId: 'kill', hash: planHash!, actor: vera, ...base }),
  ).rejects.toMatchObject({ code: 'forbidden' });
  await confirmPlanned(process, runId, 'kill', linus);
  await untilStep(process, runId, 'kill', ['succeeded']);
  await expect(confirmPlanned(process, runId, 'note', linus)).rejects.toMatchObject({ code: 'forbidden' });
  await process.runs.skip({ runId, stepId: 'note', reason: 'nothing to tell', actor: ada });
  const planned = await untilStep(process, runId, 'foreign', ['planned']);
  expect(planned.plan?.refused).toBe('It is off already.');
  await expect(confirmPlanned(process, runId, 'foreign', linus)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(process.runs.skip({ runId, stepId: 'foreign', reason: 'no', actor: linus })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('a failed requirement asks for a sentence and a tick, and no more', async () => {
  const target = fakeTarget('on');
  const guarded = { ...kill, require: { slo: 'voiceover-availability', burnOver: 6, window: '5m' } };
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([guarded]),
  });
  const runId = await process.runs.openRun(open, ada);
  const { planHash, plan } = await untilStep(process, runId, 'kill', ['planned']);
  expect(plan).toMatchObject({ needsReason: true, preconditions: [{ state: 'unknown' }] });
  const confirm = (part: Partial<typeof base>) =>
    process.runs.confirm({ runId, stepId: 'kill', hash: planHash!, actor: ada, ...base, ...part });
  await expect(confirm({})).rejects.toMatchObject({ code: 'reason_needed' });
  await expect(confirm({ reason: 'It is this flag.' })).rejects.toMatchObject({ code: 'reason_needed' });
  await confirm({ reason: 'It is this flag.', acknowledged: true });
  await untilStep(process, runId, 'kill', ['succeeded']);
});

test('observe mode plans, and confirms no change', async () => {
  const target = fakeTarget('on');
  const options = { actions: [fakeAction('flag.kill', 'stop', target, 'off')], catalog: catalogOf([kill]) };
  const process = await start({ ...options, mode: 'observe' });
  await expect(openAndConfirm(process, 'kill')).rejects.toMatchObject({ code: 'mode_observe' });
  expect(target.effects).toEqual([]);
});

test('conditions unlock and skip, a person records an outcome, reads run by themselves', async () => {
  const target = fakeTarget('on');
  const check = stepOf({ id: 'check', uses: 'slo.check', with: { slo: 'voiceover-availability' } });
  const look = stepOf({ id: 'look', uses: 'manual', with: { ask: 'Is it the flag?', outcomes: ['flag', 'other'] } });
  const other = stepOf({
    id: 'other',
    uses: 'manual',
    with: { ask: '?' },
    when: "steps.look.outputs.outcome == 'other'",
  });
  const { manual } = await import('#app/actions/manual.ts');
  const process = await start({
    actions: [
      fakeAction('slo.check', 'read', fakeTarget('calm'), 'calm'),
      manual(),
      fakeAction('flag.kill', 'stop', target, 'off'),
    ],
    catalog: catalogOf([check, look, other, { ...kill, when: "steps.look.outputs.outcome == 'flag'" }]),
  });
  const runId = await process.runs.openRun(open, ada);
  await untilStep(process, runId, 'check', ['succeeded']);
  const { planHash } = await untilStep(process, runId, 'look', ['planned']);
  const record = (outcome: string | null) =>
    process.runs.confirm({ runId, stepId: 'look', hash: planHash!, actor: ada, ...base, outcome });
  await expect(record('perhaps')).rejects.toMatchObject({ code: 'bad_input' });
  await record('flag');
  expect(await untilStep(process, runId, 'look', ['succeeded'])).toMatchObject({ outputs: { outcome: 'flag' } });
  const skipped = await untilStep(process, runId, 'other', ['skipped']);
  expect(skipped.reason).toContain('“flag”');
  await untilStep(process, runId, 'kill', ['planned']);
});
