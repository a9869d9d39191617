import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutPoint } from '#app/engine/rollouts/deps.ts';
import type { HookPoint } from '#app/engine/runs/port.ts';
import { fileClock } from '#app/platform/clock-file.ts';
import { calm, rolloutCatalog, startRollouts } from '../engine/rollouts/harness.ts';
import { reachUnleash } from './unleash-between.ts';

// One console process that moves a rollout on and drives its steps, and ends itself at a point. Started by the test beside it.
const point = process.env.FAULT_AT as RolloutPoint | HookPoint | undefined;
/** The state that the rollout has to be in for it; any when it is not given. */
const during = process.env.FAULT_DURING;
/** The share of people from which on the service burns. */
const burnsAt = Number(process.env.BURNS_AT ?? Number.POSITIVE_INFINITY);

const unleash = await reachUnleash(process.env.UNLEASH_AT!);
const clock = fileClock(process.env.FIREBREAK_CLOCK!);
const told = calm();
told.load = (at) => ({ total: 600, bad: unleash.percentAt(at - 30_000) >= burnsAt ? 60 : 0 });

async function dieAt(here: RolloutPoint | HookPoint): Promise<void> {
  if (here !== point) return;
  const moving = await console.rollouts.moving(clock.now());
  if (during !== undefined && moving.every(({ state }) => state !== during)) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal arrives a moment later; nothing more may happen before it.
  await sleep(100);
}

const console = await startRollouts({
  url: process.env.DATABASE_URL!,
  ...{ told, clock, unleash },
  catalog: rolloutCatalog(),
  hooks: { at: dieAt },
  runHooks: { at: dieAt },
});
process.stdout.write(`${JSON.stringify({ ready: process.pid })}\n`);
