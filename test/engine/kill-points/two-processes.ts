import { sql } from 'kysely';
import type { Actions } from '#app/actions/action.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Run, RunStep } from '#app/domain/run/run.ts';
import type { EngineDeps } from '#app/engine/runs/deps.ts';
import { driveRun } from '#app/engine/runs/drive.server.ts';
import { type HookPoint, hookPoints } from '#app/engine/runs/port.ts';
import type { Clock } from '#app/platform/clock.ts';
import { type Db, openDb } from '#app/platform/db.server.ts';
import { createLog } from '#app/platform/log.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createBoss, createSendRun, type RunJob, runQueue, startBoss } from '#app/stores/run/run-queue.server.ts';
import { createRunStore } from '#app/stores/run/runs.server.ts';
import type { RunStore, SloStore } from '#app/stores/stores.ts';

/** Where a process may die: all that the engine names, and the moment after the queue has heard that a segment is over. */
export const killPoints = [...hookPoints, 'after-acknowledge'] as const;
export type KillPoint = (typeof killPoints)[number];

/** Inside the transaction: what a dead client had begun is rolled back by PostgreSQL. */
const inTransaction: readonly KillPoint[] = ['after-outcome', 'before-commit'];

/** Where the first process dies: in which run and direction, around which of its effects (from 1). */
export interface Death {
  runId: string;
  point: KillPoint;
  direction: 'apply' | 'undo';
  effect: number;
}

/** What came of a segment of the first process. */
export interface Driven {
  /** False when there was no segment to take. */
  drove: boolean;
  dead: boolean;
  /** Lets it go on from where it stood, and waits for its end. */
  wake(): Promise<void>;
  /** Ends it where it stands. */
  bury(): Promise<void>;
}

const silent = async () => undefined;
const dead = () => Object.assign(new Error('this process died'), { name: 'Fenced' });

/**
 * Two engine processes over one database, driven by hand: the queue's delays are not waited for. The first stands still where it is
 * to die, the second goes on at once, and then the first is woken, as a process that was only paused: nothing it records may count.
 */
export async function startTwo(options: {
  url: string;
  clock: Clock;
  catalog: () => Catalog;
  slos: SloStore;
  actions: (parts: { db: Db; runs: RunStore }) => Actions;
}) {
  const { clock, slos } = options;
  const log = createLog(process.env.TEST_LOG ?? 'silent', createRedactor());
  const handle = openDb(options.url, { max: 6, onError: () => undefined });
  const boss = createBoss({ url: options.url, supervise: false, connections: 2, onError: () => undefined });
  await startBoss(boss);
  const { db } = handle;
  const send = createSendRun(boss);
  const catalog = async () => options.catalog();
  const notify = async () => undefined;
  const base = {
    db,
    send,
    catalog,
    clock,
    notify,
    audit: appendAudit,
    mode: 'act' as const,
    environment: 'production',
  };
  const runs = createRunStore(base);
  const observations = createObservationStore(db);

  const made = (processName: string, hooks: EngineDeps['hooks']): EngineDeps => ({
    ...base,
    ...{ actions: options.actions({ db, runs }), slos, observations, log, hooks, processName },
  });

  let death: (Death & { visits: number }) | null = null;
  /** Effects of the run that is to die which were begun. */
  let begun = 0;
  let driven: Death | null = null;
  let died: () => void = () => undefined;
  let woken: Promise<void> = Promise.resolve();
  async function dieAt(point: HookPoint, runId: string, direction: 'apply' | 'undo' | null): Promise<void> {
    if (death?.runId !== runId || (direction ?? death.direction) !== death.direction) return;
    if (point === 'before-effect') begun += 1;
    if (death.point !== point) return;
    // The end of a segment counts when that effect was in it, every other point when it comes for the second effect.
    const due = point === 'before-acknowledge' ? begun : ++death.visits;
    if (due < death.effect) return;
    death = null;
    died();
    // As a record that comes too late: the segment ends, and its transaction with it.
    if (inTransaction.includes(point)) throw dead();
    await woken;
  }
  const first = made('first', { at: (point, info) => dieAt(point, info.runId, info.direction) });
  const second = made('second', null);
  const never = new AbortController().signal;

  const next = async () => (await boss.fetch<RunJob>(runQueue, { ignoreStartAfter: true }))[0];

  /** The second process takes the next segment; false when there is none. */
  async function goOn(): Promise<boolean> {
    const job = await next();
    if (!job) return false;
    await driveRun(second, job.data, never);
    await boss.complete(runQueue, job.id);
    return true;
  }

  /** The first process takes the next segment and dies on its way, if it comes there. */
  async function driveToDeath(wanted: Death): Promise<Driven> {
    const job = await next();
    if (!job) return { drove: false, dead: false, wake: silent, bury: silent };
    if (driven !== wanted) {
      driven = wanted;
      death = { ...wanted, visits: 0 };
      begun = 0;
    }
    const { promise, resolve: wake, reject } = Promise.withResolvers<void>();
    woken = promise;
    woken.catch(() => undefined);
    const dying = new Promise<'died'>((resolve) => {
      died = () => resolve('died');
    });
    const segment = driveRun(first, job.data, never);
    const how = await Promise.race([segment, dying]);
    const later = async () => {
      wake();
      await segment.catch(() => undefined);
    };
    const bury = async () => {
      reject(dead());
      await segment.catch(() => undefined);
    };
    if (how === 'died') {
      // What the queue does ten seconds after the last sign of life.
      await sql`update pgboss.job set state = 'retry', start_after = now() where id = ${job.id}`.execute(db);
      return { drove: true, dead: true, wake: later, bury };
    }
    await boss.complete(runQueue, job.id);
    const isDead = wanted.point === 'after-acknowledge' && begun >= wanted.effect;
    if (isDead) death = null;
    return { drove: true, dead: isDead, wake: later, bury };
  }

  return {
    db,
    runs,
    actions: second.actions,
    goOn,
    driveToDeath,
    async stepOf(runId: string, stepId = 'act'): Promise<RunStep> {
      return ((await runs.get(runId)) as Run).steps.find((one) => one.id === stepId)!;
    },
    /** Everything recorded of a run: what a late record would change. */
    async recorded(runId: string) {
      const steps = await db.selectFrom('run_step').selectAll().where('run_id', '=', runId).execute();
      const attempts = await db
        .selectFrom('step_attempt')
        .selectAll()
        .where('run_id', '=', runId)
        .orderBy('intent_at')
        .orderBy('attempt')
        .execute();
      const audit = await db.selectFrom('audit').select(['seq', 'action']).where('run_id', '=', runId).execute();
      return { steps: steps.map(({ epoch: _fence, ...step }) => step), attempts, audit };
    },
    forgetJobs: () => sql`delete from pgboss.job where name = ${runQueue}`.execute(db),
    async stop() {
      await boss.stop({ graceful: false });
      await handle.close();
    },
  };
}
