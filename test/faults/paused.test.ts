import { expect, test } from 'vitest';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { ada, confirmPlanned, startProcess, untilStep } from '../engine/harness.ts';
import { startFaulty, untilDead } from './children.ts';
import { faultCatalog } from './fault-catalog.ts';
import { createJournal, effectsOn, journalActions, setOutside } from './journal-target.ts';

test('a process that was paused before its effect finds its record refused when it wakes', async () => {
  const database = await createTestDatabase();
  await createJournal(database.url);
  await setOutside(database.url, 'flag.kill', 'on');
  const child = await startFaulty({ DATABASE_URL: database.url, FAULT_AT: 'before-effect', FAULT_SIGNAL: 'SIGSTOP' });
  const options = { url: database.url, actions: journalActions(database.url), catalog: faultCatalog };
  const page = await startProcess({ ...options, engine: false });
  const runId = await page.runs.openRun({ template: 'kill', inputs: {}, incidentId: null, service: null }, ada);
  await confirmPlanned(page, runId, 'step');
  await untilStep(page, runId, 'step', ['running']);
  const second = await startProcess({ ...options, name: 'second' });
  try {
    const done = await untilStep(page, runId, 'step', ['succeeded'], 30_000);
    child.kill('SIGCONT');
    // Its call goes on where it stood: the same value with the same key once more.
    await expect.poll(() => effectsOn(database.url, 'flag.kill'), { timeout: 10_000 }).toHaveLength(2);
    expect(new Set(await effectsOn(database.url, 'flag.kill')).size).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const [step] = (await page.runs.get(runId))!.steps;
    expect(step).toMatchObject({ state: 'succeeded', effectAt: done.effectAt });
    const actions = (await createAuditStore(page.db).page({ limit: 50, runId })).map((entry) => entry.action);
    expect(actions.filter((action) => action === 'step.done')).toHaveLength(1);
  } finally {
    child.kill('SIGKILL');
    await untilDead(child);
    await Promise.all([second.stop(), page.stop()]);
    await database.drop();
  }
});
