import { fromKysely, PgBoss } from 'pg-boss';
import type { Tx } from '../../platform/db.server.ts';
import { preparingClient } from '../../platform/prepared.server.ts';

/** Queue of run segments, one key a run, and where jobs end that failed five times. */
export const runQueue = 'run';
export const deadRunQueue = 'run-dead';

/** One segment of a run: the driver reads everything else from our own tables. */
export interface RunJob {
  runId: string;
  /** Only the job that holds a step's token takes its scheduled look; null for every other job. */
  look: string | null;
}

/** Sends a segment inside the caller's transaction. `afterMs` is wall time. */
export type SendRun = (tx: Tx, job: RunJob, afterMs?: number) => Promise<void>;

/**
 * The job queue with the settings the run engine needs. `supervise` is for processes of the engine:
 * they find dead workers (heartbeat of 10 s, looked at every second). `connections` beside the one that listens. With `role`
 * every connection takes that role, and the tables must stand already.
 */
export function createBoss(options: {
  url: string;
  supervise: boolean;
  connections?: number;
  role?: string;
  onError: (error: Error) => void;
}): PgBoss {
  // pg-boss hands its options to its pool.
  const pool = { Client: preparingClient() };
  const boss = new PgBoss({
    ...pool,
    connectionString: options.url,
    application_name: 'firebreak-queue',
    max: options.connections ?? 5,
    supervise: options.supervise,
    ...(options.role ? { options: `-c role=${options.role}`, migrate: false } : {}),
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
    queueCacheIntervalSeconds: 2,
    useListenNotify: true,
    schedule: false,
  });
  boss.on('error', options.onError);
  return boss;
}

/** Starts the queue and declares ours; safe from several processes at once. */
export async function startBoss(boss: PgBoss): Promise<void> {
  await boss.start();
  const common = { heartbeatSeconds: 10, expireInSeconds: 900, notify: true };
  await boss.createQueue(deadRunQueue, {
    ...common,
    policy: 'standard',
    retryLimit: 20,
    retryDelay: 1,
    retryBackoff: true,
  });
  await boss.createQueue(runQueue, {
    ...common,
    // FIFO per run: a later job never overtakes the one whose worker died.
    policy: 'key_strict_fifo',
    retryLimit: 5,
    retryDelay: 1,
    retryBackoff: true,
    // A take-over must come within 20 s of the crash: 10 s of silence and at most this.
    retryDelayMax: 5,
    deadLetter: deadRunQueue,
    deleteAfterSeconds: 86_400,
  });
}

/** Sends run segments through `boss`. */
export function createSendRun(boss: PgBoss): SendRun {
  return async (tx, job, afterMs = 0) => {
    const startAfter = Math.max(0, afterMs) / 1000;
    await boss.send(runQueue, job, { singletonKey: job.runId, startAfter, db: fromKysely(tx) });
  };
}
