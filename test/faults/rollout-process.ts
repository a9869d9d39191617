import { setTimeout as sleep } from 'node:timers/promises';
import { fileClock } from '#app/platform/clock-file.ts';
import { connectCloudRun } from '../clients/cloud-run/studio.ts';
import { calm, rolloutCatalog, startRollouts } from '../engine/rollouts/harness.ts';
import { movingTraffic, type OneService, requestsOf } from '../engine/rollouts/one-revision.ts';
import type { FaultPoint } from './drive-rollout.ts';
import { reachUnleash } from './unleash-between.ts';

// One console process that moves a rollout on and drives its steps, and ends itself at a point. Started by the test beside it.
const point = process.env.FAULT_AT as FaultPoint | undefined;
/** The state that the rollout has to be in for it; any when it is not given. */
const during = process.env.FAULT_DURING;
/** The share of people, or of traffic, from which on it burns. */
const burnsAt = Number(process.env.BURNS_AT ?? Number.POSITIVE_INFINITY);

const clock = fileClock(process.env.FIREBREAK_CLOCK!);
const told = calm();

/** Of a flag whose Unleash another process serves. */
async function turningFlag(url: string) {
  const unleash = await reachUnleash(url);
  told.load = (at) => ({ total: 600, bad: unleash.percentAt(at - 30_000) >= burnsAt ? 60 : 0 });
  return { unleash, catalog: rolloutCatalog() };
}

/** Of a revision whose Cloud Run another process simulates. */
function turningRevision(given: { endpoint: string; canary: string } & Pick<OneService, 'target' | 'stable'>) {
  const service = { ...given, ...connectCloudRun(given.endpoint) };
  const fails = (revision: string, percent: number) => revision === given.canary && percent >= burnsAt;
  const counts = requestsOf(service, (revision, percent) => (fails(revision, percent) ? 0.2 : 0));
  return movingTraffic(service, { counts }, clock);
}

async function dieAt(here: FaultPoint): Promise<void> {
  if (here !== point) return;
  const moving = await console.rollouts.moving(clock.now());
  if (during !== undefined && moving.every(({ state }) => state !== during)) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives a moment later; nothing more may happen before it.
  await sleep(100);
}

const { CLOUD_RUN, UNLEASH_AT } = process.env;
const console = await startRollouts({
  url: process.env.DATABASE_URL!,
  ...{ told, clock },
  ...(CLOUD_RUN ? turningRevision(JSON.parse(CLOUD_RUN)) : await turningFlag(UNLEASH_AT!)),
  hooks: { at: dieAt },
  runHooks: { at: dieAt },
});
process.stdout.write(`${JSON.stringify({ ready: process.pid })}\n`);
