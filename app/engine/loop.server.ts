import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';

/** Background work: a set of same-shaped modules, each idempotent. `everyMs` is data time. */
export interface Task {
  name: string;
  everyMs: number;
  run(signal: AbortSignal): Promise<void>;
}

/** However fast the data clock runs, a task starts at most this often in wall time. */
const leastWallMs = 150;
/** How often a waiting task looks whether its turn has come. */
const mostSleepMs = 200;

/**
 * Runs tasks until stopped, each one after itself and never overlapping itself. A failing task is logged and
 * tried again at its next turn: an outside system that fails costs one panel.
 */
export function startLoop(
  tasks: readonly Task[],
  deps: { clock: Clock; log: Log; metrics: Metrics },
): { stop(): Promise<void>; poke(name: string): void } {
  const abort = new AbortController();
  const pokes = new Map<string, () => void>();
  const running = tasks.map((task) => turn(task));

  async function turn(task: Task): Promise<void> {
    const { signal } = abort;
    while (!signal.aborted) {
      const end = deps.metrics.cycle.startTimer({ task: task.name });
      try {
        await task.run(signal);
      } catch (error) {
        if (!signal.aborted) deps.log.warn({ err: error, task: task.name }, 'task failed, it is tried again');
      }
      end();
      await untilDue(task, deps.clock.now(), signal);
    }
  }

  /** Waits until `everyMs` have passed by either clock: data time may run faster, stand still, or change its speed meanwhile. */
  async function untilDue(task: Task, since: number, signal: AbortSignal): Promise<void> {
    const poked = new AbortController();
    pokes.set(task.name, () => poked.abort());
    const either = AbortSignal.any([signal, poked.signal]);
    const wallEnd = deps.clock.wall() + Math.max(task.everyMs, leastWallMs);
    await sleep(leastWallMs, undefined, { signal: either }).catch(() => undefined);
    while (!either.aborted && deps.clock.wall() < wallEnd && deps.clock.now() - since < task.everyMs) {
      const left = Math.min(wallEnd - deps.clock.wall(), mostSleepMs);
      await sleep(Math.max(left, 1), undefined, { signal: either }).catch(() => undefined);
    }
  }

  return {
    poke: (name) => pokes.get(name)?.(),
    async stop() {
      abort.abort();
      await Promise.all(running);
    },
  };
}
