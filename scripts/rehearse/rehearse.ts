import type { Catalog } from '#app/domain/catalog.ts';
import type { ChosenCase } from './choose.ts';
import { createPace } from './pace.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { type RehearsalWorld, startRehearsalWorld } from './world.ts';

/** A case with what came of it. */
export interface Played {
  chosen: ChosenCase;
  result: CaseResult;
}

/**
 * Plays cases in as many worlds as `jobs` says, each world one after the other. Results are in the order of `cases`. Throws when a
 * world does not come up.
 */
export async function rehearse(options: {
  catalog: Catalog;
  folder: string;
  cases: readonly ChosenCase[];
  jobs: number;
  seed: string;
  signal: AbortSignal;
  log: (line: string) => void;
  played: (played: Played, done: number) => void;
}): Promise<Played[]> {
  const { cases, signal } = options;
  const results: (Played | undefined)[] = [];
  let next = 0;
  let done = 0;
  const work = async () => {
    const stage = await startRehearsalWorld({ ...options, catalog: options.folder, declared: options.catalog });
    const stop = () => void stage.stop();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await untilEvaluated(stage);
      const pace = createPace(stage);
      for (let index = next++; index < cases.length && !signal.aborted; index = next++) {
        const chosen = cases[index]!;
        const { runbook, rehearsal, story } = chosen;
        const { catalog } = options;
        const fresh = { down: new Set<string>(), receipts: new Map<string, number>() };
        const result = await runCase({ stage, pace, catalog, runbook, rehearsal, story, ...fresh });
        results[index] = { chosen, result };
        done += 1;
        options.played({ chosen, result }, done);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await stage.stop();
    }
  };
  const worlds = await Promise.allSettled(Array.from({ length: Math.min(options.jobs, cases.length) }, work));
  const broken = worlds.find((world) => world.status === 'rejected');
  if (broken) throw broken.reason;
  return results.filter((one) => one !== undefined);
}

/** Until the console has read the world's history: before, it knows no burn. */
async function untilEvaluated({ stores }: RehearsalWorld): Promise<void> {
  const end = performance.now() + 120_000;
  for (;;) {
    const catalog = await stores.catalog.current();
    const states = await stores.slos.states();
    if (catalog && states.length >= catalog.slos.length) return;
    if (performance.now() > end) throw new Error('The console did not evaluate every SLO within 2 minutes.');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
