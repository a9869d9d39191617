import { afterEach, beforeEach, expect, test } from 'vitest';
import { cloudRunTraffic } from '#app/actions/cloudrun-traffic.server.ts';
import type { MonitoringRead } from '#app/clients/cloud-monitoring/port.ts';
import type { CloudRunRevision, CloudRunService } from '#app/clients/cloud-run/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { previousRevision } from '#app/domain/service/rollback.ts';
import { inForce, pinned } from '#app/domain/service/traffic.ts';
import { piecewiseClock } from '#app/platform/clock.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createFollowUpStore } from '#app/stores/follow-ups.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { countsByRevision } from '../clients/cloud-run/counts-by-revision.ts';
import { openCloudRun } from '../clients/cloud-run/studio.ts';
import { anSlo } from '../domain/slo/make.ts';
import {
  ada,
  catalogOf,
  confirmPlanned,
  startProcess,
  type TestProcess,
  undoAsRead,
  untilStep,
} from '../engine/harness.ts';

const silent = async () => undefined;

const database = testDatabase({ each: true });
let studio: Awaited<ReturnType<typeof openCloudRun>>;
let process: TestProcess;
let passing: NodeJS.Timeout;
/** Lets a test say of the service what the simulator does not. */
let asSeen: (service: CloudRunService) => CloudRunService;
let newest: CloudRunRevision;
let previous: CloudRunRevision;
/** Requests a minute that each revision gets, and how many of them fail. */
let load: (revision: string) => { total: number; bad: number };

beforeEach(async () => {
  asSeen = (service) => service;
  studio = await openCloudRun();
  passing = setInterval(() => studio.seconds(2), 100);
  const revisions = await studio.read.revisions(studio.target);
  newest = revisions[0]!;
  previous = previousRevision(revisions, newest.name)!;
});
afterEach(async () => {
  clearInterval(passing);
  await process.stop();
  await studio.close();
});

const shares = async () => inForce(await studio.read.service(studio.target));
const monitoring: MonitoringRead = {
  counts: countsByRevision(shares, (revision) => load(revision)),
  distributions: async () => [],
  gauges: async () => [],
};

function catalog(): Catalog {
  const base = catalogOf([]);
  const service: Catalog['services'][number] = {
    id: 'shop',
    title: 'Shop',
    description: '',
    owner: 'team-shop',
    kind: 'cloud-run',
    cloudRun: studio.target,
    pagerDutyService: null,
    dependsOn: [],
    runbook: null,
  };
  const count = (filter: string) => ({ project: 'example', filter });
  const slo = anSlo({
    ...{ id: 'shop-availability', title: 'Shop answers', service: 'shop', paging: 'shadow', minBadEvents: 0 },
    indicator: { kind: 'ratio', total: count('all'), bad: count('5xx') },
  });
  return { ...base, services: [service], slos: [slo] };
}

/** A console whose data time runs sixty times as fast, so that a hold of 2 min takes 2 s. */
async function start(): Promise<void> {
  const begun = Date.now();
  const clock = piecewiseClock(() => [{ wall: begun, data: Date.UTC(2026, 10, 22, 3), speed: 60 }]);
  process = await startProcess({
    url: database.url,
    clock,
    catalog: catalog(),
    actions: ({ db }) => [
      cloudRunTraffic({
        read: { ...studio.read, service: async (...asked) => asSeen(await studio.read.service(...asked)) },
        write: studio.write,
        monitoring,
        observations: createObservationStore(db),
        changes: createChangeStore(db, clock.now, silent),
        acts: true,
      }),
    ],
  });
  const service = await studio.read.service(studio.target);
  const revisions = await studio.read.revisions(studio.target);
  const seen = { service, revisions, carriedAll: { [previous.name]: 1 }, pinnedSince: null };
  await createObservationStore(process.db).saw('cloud-run', 'service/shop', seen, 1);
}

const open = (to: string) =>
  process.runs.openRun(
    { template: 'template:cloudrun.traffic', inputs: { service: 'shop', to }, incidentId: null, service: null },
    ada,
  );

async function confirm(runId: string): Promise<void> {
  const { planHash } = await untilStep(process, runId, 'traffic', ['planned']);
  const words = { reason: 'It fails since the deploy.', acknowledged: true, outcome: null, address: null };
  await process.runs.confirm({ runId, stepId: 'traffic', hash: planHash!, actor: ada, ...words });
}

test('traffic goes back in two moves, judged by revision, and one click returns it to LATEST', async () => {
  load = (revision) => (revision === previous.name ? { total: 200, bad: 0 } : { total: 4000, bad: 600 });
  await start();
  const runId = await open('previous-healthy');
  const planned = await untilStep(process, runId, 'traffic', ['planned']);
  expect(planned.plan).toMatchObject({ kind: 'stop', target: 'traffic/shop', refused: null });
  expect(planned.plan?.after).toMatchObject({ revision: previous.name, percent: 100, first: 5, hold: '2m' });
  expect(planned.plan?.preconditions.map(({ state }) => state)).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
  expect(planned.plan?.commands.map(({ command }) => command)).toEqual([
    `gcloud run services update-traffic shop --project example --region europe-west1 --to-revisions ${previous.name}=5`,
    `gcloud run services update-traffic shop --project example --region europe-west1 --to-revisions ${previous.name}=100`,
  ]);
  await confirm(runId);
  await expect.poll(shares, { timeout: 15_000 }).toEqual({ [newest.name]: 95, [previous.name]: 5 });
  await expect
    .poll(async () => (await process.runs.get(runId))?.steps[0]?.reason, { timeout: 15_000 })
    .toContain('min of data are in');
  const done = await untilStep(process, runId, 'traffic', ['succeeded'], 30_000);
  expect(done).toMatchObject({ attempt: 2, captured: [{ revision: null, percent: 100 }] });
  expect(await shares()).toEqual({ [previous.name]: 100 });

  const followUps = createFollowUpStore(process.db, silent, silent);
  const [left] = await followUps.open();
  expect(left).toMatchObject({ kind: 'traffic-pinned', target: 'traffic/shop', owner: 'team-shop' });
  const back = await process.runs.openRun({ ...left!.wayBack!, incidentId: null, service: null }, ada);
  expect((await untilStep(process, back, 'traffic', ['planned'])).plan).toMatchObject({ kind: 'forward' });
  await confirm(back);
  await untilStep(process, back, 'traffic', ['succeeded'], 30_000);
  const service = await studio.read.service(studio.target);
  expect(pinned(service)).toBe(false);
  expect(inForce(service)).toEqual({ [newest.name]: 100 });
  expect(await followUps.open()).toEqual([]);
});

test('a first share that fails more than the rest ends the step there, and undo takes it back', async () => {
  load = (revision) => (revision === previous.name ? { total: 200, bad: 150 } : { total: 4000, bad: 200 });
  await start();
  const runId = await open(previous.name);
  await confirm(runId);
  const failed = await untilStep(process, runId, 'traffic', ['failed'], 30_000);
  expect(failed.reason).toContain('does no better');
  expect(failed.undoable).toBe(true);
  expect(await shares()).toEqual({ [newest.name]: 95, [previous.name]: 5 });
  await undoAsRead(process, runId, 'traffic');
  await untilStep(process, runId, 'traffic', ['undone'], 30_000);
  expect(await shares()).toEqual({ [newest.name]: 100 });
  expect(pinned(await studio.read.service(studio.target))).toBe(false);
});

test('a first share with too few requests is left to a person, who goes on to all of it', async () => {
  load = (revision) => (revision === previous.name ? { total: 3, bad: 0 } : { total: 60, bad: 9 });
  await start();
  const runId = await open(previous.name);
  await confirm(runId);
  await expect.poll(shares, { timeout: 15_000 }).toEqual({ [newest.name]: 95, [previous.name]: 5 });
  const asks = await untilStep(process, runId, 'traffic', ['planned'], 30_000);
  expect(asks.reason).toContain('are too few');
  expect(asks.plan?.after).toMatchObject({ percent: 100, first: null });
  await confirm(runId);
  const done = await untilStep(process, runId, 'traffic', ['succeeded'], 30_000);
  expect(done.captured).toMatchObject([{ revision: null, percent: 100 }]);
  expect(await shares()).toEqual({ [previous.name]: 100 });
});

test('traffic is done when it is where it was sent, though a failed deploy keeps the service from being ready', async () => {
  load = () => ({ total: 100, bad: 0 });
  await start();
  const runId = await open(newest.name);
  await confirm(runId);
  asSeen = (service) => ({ ...service, ready: false });
  const step = await untilStep(process, runId, 'traffic', ['succeeded', 'blocked'], 30_000);
  expect(step).toMatchObject({ state: 'succeeded', reason: null });
});

test('a revision that cannot take traffic is refused with its reason', async () => {
  load = () => ({ total: 100, bad: 0 });
  await start();
  const step = await untilStep(process, await open('shop-00000-nope'), 'traffic', ['planned']);
  expect(step.plan?.refused).toBe('Cloud Run has no revision shop-00000-nope.');
  await expect(
    confirmPlanned(process, (await process.runs.list({ limit: 1 }))[0]!.id, 'traffic'),
  ).rejects.toMatchObject({
    code: 'plan_stale',
  });
});
