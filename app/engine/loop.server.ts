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
/** A waiting task looks at the clock this often: its speed may change while it waits. */
const lookMs = 200;

/**
 * Runs tasks until stopped, each one after itself and never overlapping itself. A failing task is logged and
 * tried again at its next turn: an outside system that fails costs one panel. `poke` brings a task's next turn
 * forward, also one that is at work.
 */
export function startLoop(
  tasks: readonly Task[],
  deps: { clock: Clock; log: Log; metrics: Pick<Metrics, 'cycle'> },
): { stop(): Promise<void>; poke(name: string): void } {
  const { clock } = deps;
  const abort = new AbortController();
  const { signal } = abort;
  const poked = new Map(tasks.map(({ name }) => [name, new AbortController()]));
  const running = tasks.map((task) => turn(task));

  async function turn(task: Task): Promise<void> {
    while (!signal.aborted) {
      const fresh = new AbortController();
      poked.set(task.name, fresh);
      const begun = clock.now();
      const end = deps.metrics.cycle.startTimer({ task: task.name });
      try {
        await task.run(signal);
      } catch (error) {
        if (!signal.aborted) deps.log.warn({ err: error, task: task.name }, 'task failed, it is tried again');
      }
      end();
      await untilDue(begun + task.everyMs, performance.now() + task.everyMs, AbortSignal.any([signal, fresh.signal]));
    }
  }

  /** Waits for a moment of data time; a clock that stands still costs no more than the same time of the wall. */
  async function untilDue(due: number, latestWall: number, stop: AbortSignal): Promise<void> {
    let left = Math.max(leastWallMs, wallLeft(due));
    while (!stop.aborted && left > 0 && performance.now() < latestWall) {
      await sleep(Math.min(left, lookMs), undefined, { signal: stop }).catch(() => undefined);
      left = wallLeft(due);
    }
  }

  function wallLeft(due: number): number {
    return (due - clock.now()) / Math.max(clock.speed(), 0.001);
  }

  return {
    poke: (name) => poked.get(name)?.abort(),
    async stop() {
      abort.abort();
      await Promise.all(running);
    },
  };
}
