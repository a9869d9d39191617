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
      const speed = Math.max(deps.clock.speed(), 0.001);
      const wait = Math.min(Math.max(task.everyMs / speed, leastWallMs), Math.max(task.everyMs, leastWallMs));
      const poked = new AbortController();
      pokes.set(task.name, () => poked.abort());
      await sleep(wait, undefined, { signal: AbortSignal.any([signal, poked.signal]) }).catch(() => undefined);
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
