import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredClock } from './clock.ts';
import type { Progress } from './progress.ts';
import type { World } from './world.ts';

const minute = 60_000;
/**
 * How the first minutes are played through the real engine, data ms per wall ms: slowly while the drill does its harm, faster
 * while it burns into the budget, slowly again from before the usual page on, so that its time is about what it would have been
 * and everybody has looked at everything when people come.
 */
const slow = 180;
const fast = 400;
const late = 30;
const harmMs = 3 * minute;
const pageMs = 15 * minute;

/** Starts a drill, plays its first minutes in seconds until its incident stands; then the clock goes on at `speed`. */
export async function playDrill(options: {
  world: World;
  clock: StoredClock;
  drill: string;
  speed: number;
  historyMs: number;
  progress: Progress;
}): Promise<void> {
  const { world, clock, drill, speed, historyMs, progress } = options;
  await progress.wait('Reading 30 days of history', () => waitForEvaluations(world));
  const response = await fetch(`http://127.0.0.1:${world.simulator.http}/sim/drill`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: drill, at: clock.now() + 60_000 }),
  });
  if (!response.ok) throw new Error(`The simulator refused the drill: ${await response.text()}`);
  const pieces = [
    { forMs: harmMs, speed: slow },
    { forMs: historyMs - harmMs - pageMs, speed: fast },
    { forMs: pageMs, speed: slow },
  ];
  const takes = clock.play(pieces, speed);
  const end = performance.now() + takes;
  while (performance.now() < end) {
    progress.bar(`Playing the first 45 minutes of "${drill}"`, 1 - (end - performance.now()) / takes);
    await sleep(200);
  }
  progress.bar(`Playing the first 45 minutes of "${drill}"`, 1);
  if (drill === 'quiet' || (await incidentStands(world))) return;
  // On a busy machine SDKs and engine come to everything later: a few more minutes are played until the page.
  clock.run(late);
  try {
    await progress.wait('Waiting for the page', () => waitForIncident(world));
  } finally {
    clock.run(speed);
  }
}

async function waitForIncident(world: World): Promise<void> {
  const end = performance.now() + 120_000;
  while (performance.now() < end) {
    if (await incidentStands(world)) return;
    await sleep(250);
  }
  throw new Error('No incident was opened within 2 minutes of the drill; the console’s log says what it did.');
}

async function incidentStands(world: World): Promise<boolean> {
  const metrics = await fetch(`${world.consoleEnv.FIREBREAK_BASE_URL}/metrics`)
    .then((response) => response.text())
    .catch(() => '');
  return Number(/^firebreak_incidents_open (\d+)$/m.exec(metrics)?.[1] ?? 0) > 0;
}

/** Until the console has read its history: `/ready` then names the time up to which SLOs are evaluated. */
async function waitForEvaluations(world: World): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    const ready = (await fetch(`${world.consoleEnv.FIREBREAK_BASE_URL}/ready`)
      .then((response) => response.json())
      .catch(() => null)) as { evaluatedTo?: number | null } | null;
    if (ready?.evaluatedTo) return;
    await sleep(200);
  }
  throw new Error('The console did not evaluate any SLO within 60 s.');
}
