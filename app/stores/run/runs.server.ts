import { sql } from 'kysely';
import type { Catalog } from '../../domain/catalog.ts';
import type { Run } from '../../domain/run/run.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';
import { directlyCaptured } from '../flag/direct-kills.server.ts';
import type { RunStore } from '../stores.ts';
import { approveStep, rejectStep, withdrawStep } from './approve-step.server.ts';
import { breakGlass, signOff } from './break-glass.server.ts';
import { reportByHand } from './by-hand.server.ts';
import { confirmStep } from './confirm-step.server.ts';
import { cancelRun, replanStep, resolveUnknownStep, skipStep, undoStep } from './decide-step.server.ts';
import { holderOf } from './locks.server.ts';
import { openRequestedRun } from './open-requested-run.server.ts';
import { gateReader } from './read-gates.server.ts';
import type { SendRun } from './run-queue.server.ts';
import { type RunRow, toRun } from './run-rows.ts';
import { stillStands } from './still-stands.server.ts';
import { takeOverTarget } from './take-over.server.ts';

/** What the run store stands on. `mode` other than `act` lets nobody confirm a change. */
export interface RunStoreDeps {
  db: Db;
  send: SendRun;
  /** The newest catalog; null before one was read. */
  catalog(): Promise<Catalog | null>;
  clock: Clock;
  notify: Notify;
  /** Writes the audit line, last in its transaction: until the commit nobody else writes one. */
  audit(tx: Tx, entry: NewAuditEntry): Promise<unknown>;
  mode: 'observe' | 'shadow' | 'act';
  /** The environment that this console stands in: always protected. */
  environment: string;
}

/** Wall ms between looks while somebody waits for a plan. */
const lookEvery = 50;

/** Runs as pages read them, and what people decide about them. Only the engine moves a run on. */
export function createRunStore(deps: RunStoreDeps): RunStore {
  const { db } = deps;

  // The run first: its steps are read after it, so that its end never stands beside steps from before that.
  async function withSteps(rows: RunRow[]): Promise<Run[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const steps = await db.selectFrom('run_step').selectAll().where('run_id', 'in', ids).orderBy('index').execute();
    return rows.map((row) =>
      toRun(
        row,
        steps.filter((step) => step.run_id === row.id),
      ),
    );
  }

  /** Ids of the runs with a step that is planned for one of these targets. */
  const planned = (targets: readonly string[]) =>
    db
      .selectFrom('run_step')
      .select('run_id')
      .where(sql<boolean>`plan->>'target' = any(${[...targets]}::text[])`);

  return {
    async get(id) {
      const rows = await db.selectFrom('run').selectAll().where('id', '=', id).execute();
      return (await withSteps(rows))[0] ?? null;
    },
    async file(id) {
      const row = await db
        .selectFrom('run')
        .innerJoin('run_file', 'run_file.digest', 'run.digest')
        .select(['run.source', 'run_file.bytes'])
        .where('run.id', '=', id)
        .executeTakeFirst();
      return row ? { path: row.source, text: row.bytes.toString('utf8') } : null;
    },
    async list({ service, incidentId, open, targets, limit, before }) {
      let query = db.selectFrom('run').selectAll().orderBy('opened_at', 'desc').limit(limit);
      if (service !== undefined) query = query.where('service', '=', service);
      if (incidentId !== undefined) query = query.where('incident_id', '=', incidentId);
      if (open !== undefined) query = query.where('state', open ? 'in' : 'not in', ['prepared', 'open']);
      if (before !== undefined) query = query.where('opened_at', '<', before);
      if (targets !== undefined) query = query.where('id', 'in', planned(targets));
      return withSteps(await query.execute());
    },
    async captured({ target, uses, runId, notIn }) {
      let query = db
        .selectFrom('run_step')
        .select(['captured', 'confirmed_at'])
        .where(sql<string>`plan->>'target'`, '=', target)
        .where('uses', '=', uses)
        .where('captured', 'is not', null)
        .where('state', '!=', 'undone')
        .where('run_id', '!=', notIn)
        .orderBy('confirmed_at', 'desc')
        .limit(1);
      if (runId !== null) query = query.where('run_id', '=', runId);
      const row = await query.executeTakeFirst();
      const direct = runId === null && uses === 'flag.kill' ? await directlyCaptured(db, target) : null;
      if (direct && direct.at > (row?.confirmed_at ?? 0)) return { state: direct.captured, at: direct.at };
      return row ? { state: row.captured, at: row.confirmed_at ?? 0 } : null;
    },
    async turnedBack(runs) {
      const ended = runs.flatMap((run) =>
        run.steps
          .filter(({ kind, state }) => kind === 'stop' && (state === 'succeeded' || state === 'verifying'))
          .map((step) => ({ run: run.id, step: step.id })),
      );
      const standing = await Promise.all(ended.map(({ run, step }) => stillStands(db, run, step)));
      return ended.filter((_, index) => !standing[index]);
    },
    openRun: (run, actor) => openRequestedRun(deps, run, actor),
    async waitForPlan(runId, stepId, ms) {
      const until = deps.clock.wall() + ms;
      for (;;) {
        const row = await db
          .selectFrom('run_step')
          .select('state')
          .where('run_id', '=', runId)
          .where('step_id', '=', stepId)
          .where(sql<boolean>`not coalesce((drive->>'replan')::boolean, false)`)
          .executeTakeFirst();
        if (row && row.state !== 'pending') return true;
        if (deps.clock.wall() >= until) return false;
        await new Promise((resolve) => setTimeout(resolve, lookEvery));
      }
    },
    ...gateReader(deps),
    approve: (input) => approveStep(deps, input),
    reject: (input) => rejectStep(deps, input),
    withdraw: (input) => withdrawStep(deps, input),
    breakGlass: (input) => breakGlass(deps, input),
    signOff: (input) => signOff(deps, input),
    confirm: (input) => confirmStep(deps, input),
    skip: (input) => skipStep(deps, input),
    undo: (input) => undoStep(deps, input),
    resolveUnknown: (input) => resolveUnknownStep(deps, input),
    byHand: (input) => reportByHand(deps, input),
    takeOver: (input) => takeOverTarget(deps, input),
    cancel: (input) => cancelRun(deps, input),
    replan: (runId, stepId) => replanStep(deps, runId, stepId),
    async holder(target) {
      const holder = await holderOf(db, target);
      if (!holder) return null;
      const { runId, stepId, kind, since } = holder;
      return { runId, stepId, kind, holder: holder.holder, since };
    },
  };
}
