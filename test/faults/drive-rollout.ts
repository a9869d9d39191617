import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RolloutPoint } from '#app/engine/rollouts/deps.ts';
import type { HookPoint } from '#app/engine/runs/port.ts';
import type { RolloutProcess } from '../engine/rollouts/harness.ts';
import { startFaulty, untilDead } from './children.ts';

/** Where a process that drives a rollout can die: between its moves, and within the step that it sets. */
export type FaultPoint = RolloutPoint | HookPoint;

let living: ChildProcess | null = null;

/** Ends the process that still drives. */
export async function endDriving(): Promise<void> {
  living?.kill('SIGKILL');
  if (living) await untilDead(living);
  living = null;
}

/**
 * One process after the other drives the rollout: each dies of `kill -9` at its point, the last one stays until the rollout
 * has ended. Returns the points at which a process died.
 */
export async function driveRollout(
  page: RolloutProcess,
  id: string,
  points: readonly FaultPoint[],
  env: Record<string, string>,
): Promise<FaultPoint[]> {
  const died: FaultPoint[] = [];
  for (const point of [...points, null]) {
    living = await startFaulty({ ...env, ...(point === null ? {} : { FAULT_AT: point }) }, 'rollout-process.ts');
    const death = untilDead(living).then(() => true);
    const until = Date.now() + 60_000;
    while (!(await Promise.race([death, sleep(100, false)]))) {
      const rollout = (await page.rollouts.get(id))!;
      const over = ['done', 'rolled_back', 'rollback_unverified', 'superseded', 'held'].includes(rollout.state);
      if (over && point === null) return died;
      if (Date.now() > until) {
        const said = (await page.rollouts.entries(id)).map(({ text }) => text).join('\n');
        expect.fail(`no process died ${point}: the rollout is ${rollout.state}\n${said}`);
      }
    }
    died.push(point!);
  }
  return died;
}
