import type { JobWithMetadata, PgBoss } from 'pg-boss';
import { deadRunQueue, type RunJob, runQueue } from '../../stores/run/run-queue.server.ts';
import { buryRun } from './dead-letter.server.ts';
import type { EngineDeps } from './deps.ts';
import { driveRun } from './drive.server.ts';
import { lookAfterRuns } from './look-after.server.ts';
import type { RunEngine } from './port.ts';
import { prepareForIncident } from './prepare.server.ts';
import { errorText } from './words.ts';

/** Runs that one process drives at a time; each slot asks the queue once a second besides being woken. */
const slots = 4;
/** Wall ms between rounds over runs that nobody drives. */
const roundEvery = 5_000;

/** The run engine on pg-boss. `boss` was started by `startBoss`; whoever made it stops it after `stop`. */
export function createRunEngine(deps: EngineDeps & { boss: PgBoss }): RunEngine {
  const { boss } = deps;
  const stopping = new AbortController();
  const busy = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | null = null;
  let round: Promise<void> = Promise.resolve();

  async function drive(job: { data: RunJob; signal: AbortSignal }): Promise<void> {
    const work = driveRun(deps, job.data, AbortSignal.any([job.signal, stopping.signal]));
    busy.add(work);
    try {
      await work;
    } catch (error) {
      deps.log.warn(
        { run: job.data.runId, why: errorText(error) },
        'a segment of a run failed and will be tried again',
      );
      throw error;
    } finally {
      busy.delete(work);
    }
  }

  async function bury(job: JobWithMetadata<RunJob>): Promise<void> {
    const output = job.sourceOutput as { message?: string } | null;
    await buryRun(deps, job.data, output?.message ?? 'it failed again and again');
    // The dead job would hold back every later one of its run.
    if (job.sourceId) await boss.deleteJob(runQueue, job.sourceId);
  }

  function nextRound(): void {
    timer = setTimeout(() => {
      round = lookAfterRuns(deps)
        .catch((error: unknown) => deps.log.warn({ why: errorText(error) }, 'the round over runs failed'))
        .finally(() => {
          if (!stopping.signal.aborted && timer) nextRound();
        });
    }, roundEvery);
    timer.unref();
  }

  return {
    async start() {
      const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 1 };
      const options = { ...polling, localConcurrency: slots, batchSize: 1, heartbeatRefreshSeconds: 3 };
      await boss.work<RunJob>(runQueue, options, async ([job]) => {
        if (job) await drive(job);
      });
      await boss.work<RunJob>(deadRunQueue, { ...polling, batchSize: 1, includeMetadata: true }, async ([job]) => {
        if (job) await bury(job as JobWithMetadata<RunJob>);
      });
      nextRound();
    },
    async stop(graceMs) {
      if (timer) clearTimeout(timer);
      timer = null;
      await Promise.all([boss.offWork(runQueue, { wait: false }), boss.offWork(deadRunQueue, { wait: false })]);
      const all = Promise.allSettled([...busy, round]);
      let late: NodeJS.Timeout | undefined;
      await Promise.race([all, new Promise((resolve) => (late = setTimeout(resolve, graceMs)))]);
      clearTimeout(late);
      // What still runs is handed back: its intent stands, and whoever takes over looks at the target first.
      stopping.abort(new Error('the process stops'));
      await Promise.race([Promise.allSettled([...busy]), new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
    },
    prepareForIncident: (incident) => prepareForIncident(deps, incident),
  };
}
