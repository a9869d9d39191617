import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { previousRevision } from '#app/domain/service/rollback.ts';
import { fileClock } from '#app/platform/clock-file.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { openCloudRun } from '../clients/cloud-run/studio.ts';
import { calm, type RolloutProcess, startRollouts } from '../engine/rollouts/harness.ts';
import { byRevision, movingTraffic, pinStable, requestsOf, sharesOf } from '../engine/rollouts/one-revision.ts';
import { driveRollout, endDriving, type FaultPoint } from './drive-rollout.ts';

/** Data ms per wall ms: a stage of six minutes takes three seconds. */
const speed = 120;

const database = testDatabase({ each: true });
let studio: Awaited<ReturnType<typeof openCloudRun>>;
let clock: ReturnType<typeof fileClock>;
let page: RolloutProcess;
let folder: string;
let passing: NodeJS.Timeout;
let stable: string;
let canary: string;
/** How often the traffic had been set before the rollout. */
let before: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-revision-'));
  const begun = Date.now();
  writeFileSync(join(folder, 'clock.json'), JSON.stringify({ segments: [{ wall: begun, data: begun, speed }] }));
  clock = fileClock(join(folder, 'clock.json'));
  studio = await openCloudRun();
  passing = setInterval(() => studio.seconds(2), 50);
  const revisions = await studio.read.revisions(studio.target);
  canary = revisions[0]!.name;
  stable = previousRevision(revisions, canary)!.name;
  await pinStable(studio, stable);
  await expect.poll(() => sharesOf(studio), { timeout: 10_000 }).toEqual({ [stable]: 100 });
  before = await writes();
  const counts = requestsOf(studio, () => 0);
  const parts = { url: database.url, told: calm(), clock, ...movingTraffic({ ...studio, stable }, { counts }, clock) };
  page = await startRollouts({ ...parts, moves: false, engine: false });
  await parts.observe?.(page.observations);
});
afterEach(async () => {
  await endDriving();
  await page.stop();
  clearInterval(passing);
  await studio.close();
  clock.close();
  rmSync(folder, { recursive: true });
});

/** Every write of the traffic is one more generation of the service. */
const writes = async () => Number((await studio.read.service(studio.target)).generation);

const driveWith = (id: string, points: readonly FaultPoint[], env: Record<string, string> = {}) =>
  driveRollout(page, id, points, {
    ...{ DATABASE_URL: database.url, FIREBREAK_CLOCK: join(folder, 'clock.json') },
    CLOUD_RUN: JSON.stringify({ endpoint: studio.endpoint, target: studio.target, stable, canary }),
    ...env,
  });

const said = async (id: string) => (await page.rollouts.entries(id)).map(({ text }) => text);
const begin = (shares: number[]) =>
  page.begin({ kind: 'revision', service: 'shop', revision: canary }, byRevision(shares));

test('a revision whose driver is killed at one transition after the other takes over, its traffic moved once a stage', async () => {
  const points: FaultPoint[] = [
    ...(['before-open', 'after-open', 'before-confirm', 'after-effect', 'before-change', 'after-change'] as const),
    ...(['after-confirm', 'after-intent', 'before-commit'] as const),
  ];
  const shares = [5, 25, 50, 75, 100];
  const id = await begin(shares);
  expect(await driveWith(id, points)).toEqual(points);
  expect((await page.rollouts.get(id))?.state, (await said(id)).join('\n')).toBe('done');
  expect(await sharesOf(studio)).toEqual({ [canary]: 100 });
  expect((await writes()) - before).toBe(shares.length);
  expect(await page.rollouts.runs(id)).toHaveLength(shares.length);
  expect(await createAuditStore(page.db).verify()).toMatchObject({ ok: true });
});

test('one that burns goes back by one run, although its driver is killed at one transition after the other', async () => {
  const points: FaultPoint[] = ['before-open', 'after-open', 'before-confirm', 'after-effect', 'before-change'];
  const id = await begin([10, 50, 100]);
  expect(await driveWith(id, points, { BURNS_AT: '50', FAULT_DURING: 'rolling_back' })).toEqual(points);
  // Whether the burn fell with it can be proven only where the effect was recorded soon after it came.
  const { state } = (await page.rollouts.get(id))!;
  expect(['rolled_back', 'rollback_unverified'], (await said(id)).join('\n')).toContain(state);
  expect(await sharesOf(studio)).toEqual({ [stable]: 100 });
  expect((await writes()) - before).toBe(3);
  const runs = await page.rollouts.runs(id);
  expect(runs.map(({ direction }) => direction).sort()).toEqual(['back', 'forward', 'forward']);
  expect(await createAuditStore(page.db).verify()).toMatchObject({ ok: true });
});
