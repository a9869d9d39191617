import { afterEach, expect, test } from 'vitest';
import type { Incident } from '#app/domain/incident/incident.ts';
import { createCatalogStore } from '#app/stores/catalog.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import { ada, catalogOf, confirmPlanned, grace, startProcess, stepOf, type TestProcess, untilStep } from './harness.ts';

const database = testDatabase({ each: true });
const started: TestProcess[] = [];

afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: the runbook's own expression, as a file holds it
const on = { flag: '${{ inputs.flag }}', environment: 'production' };
const kill = stepOf({ id: 'kill', uses: 'flag.kill', with: on });
const restore = stepOf({ id: 'restore', uses: 'flag.restore', with: on });

const incident: Incident = {
  id: 'burn',
  title: 'Voiceover burns',
  status: 'open',
  level: 'page',
  service: 'voiceover',
  slo: null,
  tier: 'page-fast',
  startedAt: null,
  openedAt: Date.now(),
  pagedAt: null,
  resolvedAt: null,
  runbook: 'burning',
  children: [],
};

async function start(options: Omit<Parameters<typeof startProcess>[0], 'url'>): Promise<TestProcess> {
  const process = await startProcess({ url: database.url, ...options });
  started.push(process);
  const row = { id: incident.id, title: incident.title, status: 'open' as const, opened_at: incident.openedAt };
  await process.db
    .insertInto('incident')
    .values({ ...row, children: '[]' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return process;
}

test('a run keeps the bytes of its file and its steps, whatever becomes of the file; a built-in one has none', async () => {
  const target = fakeTarget('on');
  const catalog = catalogOf([kill]);
  const runbook = catalog.runbooks[0]!;
  const process = await start({ actions: [fakeAction('flag.kill', 'stop', target, 'off')], catalog });
  const text = '\ufeff# Voiceover is burning\r\n\r\nÆ';
  const file = { folder: 'runbooks' as const, path: runbook.file, text, digest: runbook.digest };
  const store = createCatalogStore(process.db, {
    notify: async () => undefined,
    subscribe: () => () => undefined,
    stop: async () => undefined,
  });
  await store.save(catalog, 1, [file]);
  const prepared = (await process.engine.prepareForIncident(incident))!;
  const opened = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, ada);

  runbook.steps = [restore];
  runbook.digest = 'edited';
  await store.save({ ...catalog, digest: 'edited' }, 2, [{ ...file, text: 'edited', digest: 'edited' }]);
  for (const run of [prepared, opened]) {
    expect(await process.runs.file(run)).toEqual({ path: 'runbooks/burning.md', text });
    await confirmPlanned(process, run, 'kill').catch(() => undefined);
    expect((await process.runs.get(run))?.steps.map(({ id, uses }) => [id, uses])).toEqual([['kill', 'flag.kill']]);
  }
  await expect.poll(() => target.effects.map(({ value }) => value), { timeout: 10_000 }).toEqual(['off']);
  const own = await process.runs.openRun(
    {
      template: 'template:flag.kill',
      inputs: { flag: 'voiceover-v2', environment: 'production' },
      incidentId: null,
      service: null,
    },
    ada,
  );
  expect(await process.runs.file(own)).toBeNull();
});

test('an incident’s run stands prepared once, with its plan, which is read anew when the world moves', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.restore', 'forward', target, '25 %')],
    catalog: catalogOf([restore]),
  });
  const ids = await Promise.all([1, 2, 3].map(() => process.engine.prepareForIncident(incident)));
  expect(new Set(ids).size).toBe(1);
  const runId = ids[0]!;
  const first = await untilStep(process, runId, 'restore', ['planned']);
  expect(await process.runs.get(runId)).toMatchObject({ state: 'prepared', openedBy: 'engine', service: 'voiceover' });
  target.value = '5 %';
  // Fresh for 15 s of wall time, then planned again by itself; a person may ask at once.
  await process.runs.replan(runId, 'restore');
  expect(await process.runs.waitForPlan(runId, 'restore', 5_000)).toBe(true);
  const second = await untilStep(process, runId, 'restore', ['planned']);
  expect(second.plan).toMatchObject({ before: '5 %' });
  expect(second.planHash).not.toBe(first.planHash);
  await confirmPlanned(process, runId, 'restore');
  await untilStep(process, runId, 'restore', ['succeeded']);
  expect(await process.runs.get(runId)).toMatchObject({ state: 'open' });
});

test('a reversal pressed on the incident page is the same run as the runbook’s step', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const runId = await process.engine.prepareForIncident(incident);
  await untilStep(process, runId!, 'kill', ['planned']);
  const ask = (flag: string) =>
    process.runs.openRun(
      {
        template: 'template:flag.kill',
        inputs: { flag, environment: 'production' },
        incidentId: 'burn',
        service: null,
      },
      ada,
    );
  expect(await ask('voiceover-v2')).toBe(runId);
  expect(await ask('moodboard-analysis-v3')).not.toBe(runId);
});

test('a runbook that ends by itself is run once for a burn, and anew when the incident burns anew', async () => {
  const target = fakeTarget('on');
  const look = stepOf({ id: 'look', uses: 'slo.check', with: { slo: 'voiceover-availability' } });
  const process = await start({
    actions: [fakeAction('slo.check', 'read', target, 'on')],
    catalog: catalogOf([look]),
  });
  const burning = { ...incident, slo: 'voiceover-availability' };
  const first = (await process.engine.prepareForIncident(burning))!;
  await expect.poll(async () => (await process.runs.get(first))?.state, { timeout: 10_000 }).toBe('done');
  expect(await process.engine.prepareForIncident(burning)).toBe(first);
  await process.db
    .insertInto('alert')
    .values({
      ...{ id: 'again', slo: burning.slo, service: 'voiceover', tier: 'page-fast', peak_tier: 'page-fast' },
      ...{ opened_at: Date.now() + 1_000, incident_id: incident.id },
    })
    .execute();
  expect(await process.engine.prepareForIncident(burning)).not.toBe(first);
});

test('a prepared run ends with its incident, and one that a person called off is not prepared again', async () => {
  const target = fakeTarget('on');
  const process = await start({
    actions: [fakeAction('flag.kill', 'stop', target, 'off')],
    catalog: catalogOf([kill]),
  });
  const first = (await process.engine.prepareForIncident(incident))!;
  await untilStep(process, first, 'kill', ['planned']);
  const resolve = (status: 'open' | 'resolved') => process.db.updateTable('incident').set({ status }).execute();
  await resolve('resolved');
  await expect.poll(async () => (await process.runs.get(first))?.state, { timeout: 15_000 }).toBe('cancelled');
  await resolve('open');
  const second = (await process.engine.prepareForIncident(incident))!;
  expect(second).not.toBe(first);
  await untilStep(process, second, 'kill', ['planned']);
  await process.runs.cancel({ runId: second, reason: 'It is something else.', actor: grace });
  expect((await process.runs.get(second))?.steps[0]).toMatchObject({ state: 'skipped' });
  expect(await process.engine.prepareForIncident(incident)).toBe(second);
});
