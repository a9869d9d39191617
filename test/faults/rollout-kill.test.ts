import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileClock } from '#app/platform/clock-file.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeUnleash } from '../engine/rollouts/fake-unleash.ts';
import { calm, planOf, type RolloutProcess, rolloutCatalog, startRollouts } from '../engine/rollouts/harness.ts';
import { driveRollout, endDriving, type FaultPoint } from './drive-rollout.ts';
import { serveUnleash } from './unleash-between.ts';

const subject = { kind: 'flag', flag: 'voiceover-v2', environment: 'production' } as const;
/** Data ms per wall ms: a stage of six minutes takes three seconds. */
const speed = 120;
const timeout = 240_000;

const database = testDatabase({ each: true });
let clock: ReturnType<typeof fileClock>;
let unleash: ReturnType<typeof fakeUnleash>;
let outside: Awaited<ReturnType<typeof serveUnleash>>;
let page: RolloutProcess;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-rollout-'));
  const begun = Date.now();
  writeFileSync(join(folder, 'clock.json'), JSON.stringify({ segments: [{ wall: begun, data: begun, speed }] }));
  clock = fileClock(join(folder, 'clock.json'));
  unleash = fakeUnleash(subject.flag, subject.environment, clock.now);
  outside = await serveUnleash(unleash);
  const parts = { url: database.url, told: calm(), clock, catalog: rolloutCatalog() };
  page = await startRollouts({ ...parts, moves: false, engine: false });
});
afterEach(async () => {
  await endDriving();
  await page.stop();
  outside.close();
  clock.close();
  rmSync(folder, { recursive: true });
});

/** Processes that drive the rollout, and die at one point after the other. */
const driveWith = (id: string, points: readonly FaultPoint[], env: Record<string, string> = {}) =>
  driveRollout(page, id, points, {
    ...{ DATABASE_URL: database.url, FIREBREAK_CLOCK: join(folder, 'clock.json'), UNLEASH_AT: outside.url },
    ...env,
  });

const said = async (id: string) => (await page.rollouts.entries(id)).map(({ text }) => text);

test('killed at one transition after the other on its way forward: it comes to its end, each step once', {
  timeout,
}, async () => {
  const points: FaultPoint[] = [
    ...(['before-open', 'after-open', 'before-confirm', 'after-effect', 'before-change', 'after-change'] as const),
    ...(['after-confirm', 'after-intent', 'before-commit'] as const),
  ];
  const shares = [5, 25, 50, 75, 100];
  const id = await page.begin(subject, planOf(shares));
  expect(await driveWith(id, points)).toEqual(points);
  expect((await page.rollouts.get(id))?.state, (await said(id)).join('\n')).toBe('done');
  // The first step adds the strategy and turns the flag on, the others move it: nothing twice.
  expect(unleash.shares.map(({ percent }) => percent)).toEqual([0, ...shares]);
  expect(await page.rollouts.runs(id)).toHaveLength(shares.length);
  expect((await said(id)).filter((text) => text.startsWith('Sets '))).toEqual(
    shares.map((share) => `Sets ${share} %.`),
  );
  expect(await createAuditStore(page.db).verify()).toMatchObject({ ok: true });
});

test('killed at one transition after the other on its way back: it is back where it was, by one run', {
  timeout,
}, async () => {
  const points: FaultPoint[] = [
    ...(['before-open', 'after-open', 'before-confirm', 'after-effect', 'before-change'] as const),
  ];
  const id = await page.begin(subject, planOf([10, 50, 100]));
  expect(await driveWith(id, points, { BURNS_AT: '50', FAULT_DURING: 'rolling_back' })).toEqual(points);
  // Whether the burn fell with it can be proven only where the effect was recorded soon after it came.
  const { state } = (await page.rollouts.get(id))!;
  expect(['rolled_back', 'rollback_unverified'], (await said(id)).join('\n')).toContain(state);
  const shares = unleash.shares.map(({ percent }) => percent);
  expect(shares.slice(0, 3)).toEqual([0, 10, 50]);
  // Put back in one round of writes: off, and the strategy that the first step added.
  expect(new Set(shares.slice(3))).toEqual(new Set([0]));
  expect(new Set(unleash.writes).size).toBe(unleash.writes.length);
  const runs = await page.rollouts.runs(id);
  expect(runs.map(({ direction }) => direction).sort()).toEqual(['back', 'forward', 'forward']);
  expect(await createAuditStore(page.db).verify()).toMatchObject({ ok: true });
});
