import { sql } from 'kysely';
import type { Plan } from '#app/domain/run/run.ts';
import type { EngineDeps } from '#app/engine/runs/deps.ts';
import { driveRun } from '#app/engine/runs/drive.server.ts';
import { systemClock } from '#app/platform/clock.ts';
import { type Db, openDb, type Tx } from '#app/platform/db.server.ts';
import { createLog } from '#app/platform/log.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { migrate } from '#app/stores/migrate.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createBoss, createSendRun, type RunJob, runQueue, startBoss } from '#app/stores/run/run-queue.server.ts';
import { createRunStore } from '#app/stores/run/runs.server.ts';

/** Steps of a measured run. */
export const stepsPerRun = 5;
/** Runs that are driven at a time, as by one process of the engine. */
const slots = 4;

const person = { email: 'ada@studio.example', name: 'Ada', role: 'responder' as const, teams: [] };
type Action = EngineDeps['actions'] extends ReadonlyMap<string, infer One> ? One : never;

/** The engine, its queue and its stores over one database, with an action that costs nothing. */
export async function openRunWorld(url: string) {
  const log = createLog('silent', { add: () => undefined, text: (text) => text });
  const handle = openDb(url, { max: 10, onError: () => undefined });
  const { db } = handle;
  await migrate(db);
  const boss = createBoss({ url, supervise: false, connections: 5, onError: () => undefined });
  await startBoss(boss);
  const send = createSendRun(boss);
  const base = {
    ...{ db, send, clock: systemClock, notify, audit: appendAudit },
    ...{ mode: 'act' as const, environment: 'production', catalog: async () => catalog as never },
  };
  const runs = createRunStore(base);
  const deps: EngineDeps = {
    ...base,
    ...{ log, hooks: null, processName: 'bench', observations: createObservationStore(db) },
    actions: new Map([['flag.kill', free]]),
    slos: { states: async () => [], state: async () => null, minutes: async () => [], points: async () => [] },
  };

  let looks = 0;

  /** Confirms the plan that stands, as a person's click does. */
  async function confirm(runId: string): Promise<void> {
    looks += 1;
    const step = await db
      .selectFrom('run_step')
      .select(['step_id', 'plan_hash'])
      .where('run_id', '=', runId)
      .where('state', '=', 'planned')
      .executeTakeFirst();
    if (!step) return;
    const said = { reason: null, acknowledged: false, outcome: null, address: null };
    await runs.confirm({ runId, stepId: step.step_id, hash: step.plan_hash!, actor: person, ...said });
  }

  return {
    db,
    /** Transactions of the bench itself: what it asks to know what to confirm, and when all is done. */
    looks: () => looks,
    /** Opens a run; nobody has planned it yet. */
    async open(index: number): Promise<string> {
      const inputs = { run: String(index) };
      return runs.openRun({ template: 'bench', inputs, incidentId: null, service: null }, person);
    },
    /** Drives every run in the queue to its end; the click comes at once. */
    async driveAll(): Promise<void> {
      const slot = async () => {
        for (;;) {
          const [job] = await boss.fetch<RunJob>(runQueue);
          if (!job) {
            looks += 1;
            if ((await jobsLeft(db)) === 0) return;
            await new Promise((resolve) => setTimeout(resolve, 5));
            continue;
          }
          await driveRun(deps, job.data, AbortSignal.timeout(60_000));
          await confirm(job.data.runId);
          await boss.complete(runQueue, job.id);
        }
      };
      await Promise.all(Array.from({ length: slots }, slot));
    },
    async close() {
      await boss.stop({ graceful: false });
      await handle.close();
    },
  };
}

export type RunWorld = Awaited<ReturnType<typeof openRunWorld>>;

async function jobsLeft(db: RunWorld['db']): Promise<number> {
  const { rows } = await sql<{ left: number }>`select count(*)::int as left from pgboss.job
    where name = ${runQueue} and state in ('created', 'retry', 'active')`.execute(db);
  return rows[0]!.left;
}

const catalog = {
  ...{ digest: 'bench', organisation: 'bench', services: [], slos: [], profiles: {}, flags: [], problems: [] },
  runbooks: [
    {
      ...{ slug: 'bench', file: 'runbooks/bench.md', title: 'Bench', owner: 'bench', service: null, slos: [] },
      ...{ lastReviewedOn: null, reviewInDays: null, blocks: [], headings: [], problems: [], digest: 'bench' },
      inputs: [{ name: 'run', type: 'text', label: 'Run', default: '' }],
      steps: Array.from({ length: stepsPerRun }, (_, index) => ({
        ...{ id: `step-${index}`, title: `Step ${index}`, uses: 'flag.kill', line: 1, column: 1 },
        ...{ when: null, require: null, verify: null, expires: null },
        with: { flag: `flag-${index}-\${{ inputs.run }}`, environment: 'production' },
      })),
    },
  ],
};

/** What pages would hear. */
async function notify(topic: string, tx?: Db | Tx, ...also: string[]): Promise<void> {
  const told = [topic, ...also].map((one) => sql`pg_notify('firebreak', ${one})`);
  if (tx) await sql`select ${sql.join(told)}`.execute(tx);
}

/** A change that is there at once and costs nothing. */
const free: Action = {
  uses: 'flag.kill',
  recovery: 'verifiable',
  async plan({ step, input, now }) {
    const plan: Plan = {
      ...{ action: step.uses, kind: 'stop', target: `flag/production/${input.flag}`, title: step.title },
      ...{ confirmLabel: 'Turn off', before: 'on', after: 'off', preconditions: [], needsReason: false },
      ...{ expected: '', blast: [], effect: '', effectMs: 0, undo: 'Turn on', commands: [], verify: null },
      ...{ diff: [{ sign: '+' as const, text: 'off' }], readAt: now(), refused: null },
    };
    return { plan, capture: 'on' };
  },
  apply: async () => done,
  undo: async () => done,
  observe: async () => ({ state: 'done', text: 'it is off', applied: done }),
};
const done = { next: 'done' as const, progress: null, evidence: { value: 'off' }, outputs: { value: 'off' } };
