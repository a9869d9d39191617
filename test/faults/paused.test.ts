import { expect, test } from 'vitest';
import type { HookPoint } from '#app/engine/runs/port.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { ada, confirmPlanned, grace, startProcess, type TestProcess, untilStep } from '../engine/harness.ts';
import { startFaulty, untilDead } from './children.ts';
import { faultCatalog } from './fault-catalog.ts';
import { createJournal, effectsOn, journalActions, setOutside } from './journal-target.ts';

/** Wall ms from the pause to what another process makes of it. */
const takenOverWithin = 30_000;
const target = 'flag/production/voiceover-v2';

/** A process that pauses at a point of the first step it drives, a page, and whoever takes over; `wake` lets it go on and waits until it has. */
async function withPaused(
  point: HookPoint,
  work: (at: {
    page: TestProcess;
    url: string;
    open(runbook: string): Promise<string>;
    takeOver(hooks?: Parameters<typeof startProcess>[0]['hooks']): Promise<TestProcess>;
    wake(): Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const database = await createTestDatabase();
  const { url } = database;
  await createJournal(url);
  for (const name of ['flag.kill', 'pagerduty.note', 'pagerduty.acknowledge']) await setOutside(url, name, 'before');
  const child = await startFaulty({ DATABASE_URL: url, FAULT_AT: point, FAULT_SIGNAL: 'SIGSTOP', TEST_LOG: 'warn' });
  const options = { url, actions: journalActions(url), catalog: faultCatalog };
  const page = await startProcess({ ...options, engine: false });
  const started = [page];
  try {
    await work({
      page,
      url,
      open: (template) => page.runs.openRun({ template, inputs: {}, incidentId: null, service: null }, ada),
      async takeOver(hooks) {
        const process = await startProcess({ ...options, name: 'second', ...(hooks ? { hooks } : {}) });
        started.push(process);
        return process;
      },
      async wake() {
        let said = '';
        child.stdout!.on('data', (text: Buffer) => {
          said += text;
        });
        child.kill('SIGCONT');
        await expect.poll(() => said, { timeout: 20_000 }).toContain('a late record was refused');
      },
    });
  } finally {
    child.kill('SIGKILL');
    await untilDead(child);
    await Promise.all(started.map((one) => one.stop()));
    await database.drop();
  }
}

/** All that a late record could have changed: steps with their fences, attempts, locks and the audit. */
async function everything(page: TestProcess): Promise<unknown> {
  const [runs, steps, attempts, locks, audit] = await Promise.all([
    page.db.selectFrom('run').selectAll().orderBy('id').execute(),
    page.db.selectFrom('run_step').selectAll().orderBy('run_id').orderBy('step_id').execute(),
    page.db.selectFrom('step_attempt').selectAll().orderBy('key').execute(),
    page.db.selectFrom('target_lock').selectAll().execute(),
    page.db.selectFrom('audit').selectAll().orderBy('seq').execute(),
  ]);
  return { runs, steps, attempts, locks, audit };
}

test('paused before its effect: its call goes on with the same value and key, and its record is refused', () =>
  withPaused('before-effect', async ({ page, url, open, takeOver, wake }) => {
    const runId = await open('kill');
    await confirmPlanned(page, runId, 'step');
    await untilStep(page, runId, 'step', ['running']);
    await takeOver();
    await untilStep(page, runId, 'step', ['succeeded'], takenOverWithin);
    const before = await everything(page);
    await wake();
    const effects = await effectsOn(url, 'flag.kill');
    expect(effects).toHaveLength(2);
    expect(new Set(effects).size).toBe(1);
    expect(await everything(page)).toEqual(before);
  }));

test('paused after its effect: whoever took over saw it done, and the late record changes nothing', () =>
  withPaused('after-effect', async ({ page, url, open, takeOver, wake }) => {
    const runId = await open('kill');
    await confirmPlanned(page, runId, 'step');
    await takeOver();
    await untilStep(page, runId, 'step', ['succeeded'], takenOverWithin);
    const before = await everything(page);
    await wake();
    expect(await effectsOn(url, 'flag.kill')).toHaveLength(1);
    expect(await everything(page)).toEqual(before);
    expect(await createAuditStore(page.db).verify()).toMatchObject({ ok: true });
  }));

test('paused, and awake again while another drives the step: the target stays with that one, who alone records', () =>
  withPaused('after-effect', async ({ page, open, takeOver, wake }) => {
    const runId = await open('kill');
    await confirmPlanned(page, runId, 'step');
    let go: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    let reached: () => void = () => undefined;
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    await takeOver({
      async at(point) {
        if (point !== 'before-outcome') return;
        reached();
        await held;
      },
    });
    await there;
    const before = await everything(page);
    await wake();
    expect(await everything(page)).toEqual(before);
    expect(await page.runs.holder(target)).toMatchObject({ runId, stepId: 'step' });
    go();
    expect(await untilStep(page, runId, 'step', ['succeeded'])).toMatchObject({ attempt: 1 });
    const actions = (await createAuditStore(page.db).page({ limit: 50, runId })).map(({ action }) => action);
    expect(actions.filter((action) => action === 'step.done')).toHaveLength(1);
    expect(await page.runs.holder(target)).toBeNull();
  }));

test('paused in an effect that nobody can verify: a person is asked, and the late record does not answer for them', () =>
  withPaused('after-effect', async ({ page, url, open, takeOver, wake }) => {
    const runId = await open('note');
    await confirmPlanned(page, runId, 'step');
    await takeOver();
    await untilStep(page, runId, 'step', ['unknown'], takenOverWithin);
    const before = await everything(page);
    await wake();
    expect(await everything(page)).toEqual(before);
    await page.runs.resolveUnknown({ runId, stepId: 'step', decision: 'done', actor: ada });
    await untilStep(page, runId, 'step', ['succeeded']);
    expect(await effectsOn(url, 'pagerduty.note')).toHaveLength(1);
  }));

test('what people confirmed while a process was paused holds when it wakes: once, in their name', () =>
  withPaused('after-effect', async ({ page, url, open, takeOver, wake }) => {
    const [paused, waiting] = [await open('kill'), await open('acknowledge')];
    await untilStep(page, waiting, 'step', ['planned']);
    await confirmPlanned(page, paused, 'step');
    await expect.poll(() => effectsOn(url, 'flag.kill')).toHaveLength(1);
    await confirmPlanned(page, waiting, 'step', grace);
    await takeOver();
    await untilStep(page, paused, 'step', ['succeeded'], takenOverWithin);
    await expect.poll(async () => (await page.runs.get(waiting))?.state, { timeout: takenOverWithin }).toBe('done');
    const before = await everything(page);
    await wake();
    expect(await everything(page)).toEqual(before);
    expect((await page.runs.get(waiting))?.steps[0]).toMatchObject({ confirmedBy: grace.name, attempt: 1 });
    expect(await effectsOn(url, 'pagerduty.acknowledge')).toHaveLength(1);
  }));
