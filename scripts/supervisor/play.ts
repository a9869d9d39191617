import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredClock } from './clock.ts';
import type { Progress } from './progress.ts';
import type { World } from './world.ts';

/** Data ms per wall ms while the first minutes of a drill are played through the real engine. */
const playSpeed = 180;

/** Starts a drill and plays its first minutes in seconds; then the clock goes on at `speed`. */
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
  const takes = clock.play({ forMs: historyMs, speed: playSpeed, after: speed });
  const end = performance.now() + takes;
  while (performance.now() < end) {
    progress.bar(`Playing the first 45 minutes of "${drill}"`, 1 - (end - performance.now()) / takes);
    await sleep(200);
  }
  progress.bar(`Playing the first 45 minutes of "${drill}"`, 1);
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
