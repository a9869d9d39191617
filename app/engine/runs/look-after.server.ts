import { sql } from 'kysely';
import { actionFacts, actionNames, staysInside } from '../../domain/runbook/actions.ts';
import type { StepDrive } from '../../stores/run/step-drive.ts';
import type { EngineDeps } from './deps.ts';
import { finishRun, undoFor } from './finish-run.server.ts';
import { lapseApprovals } from './lapse-approvals.server.ts';
import { told } from './told.server.ts';
import { dataMs } from './wall-time.ts';
import { errorText } from './words.ts';

/** Wall ms after which a plan that stands before a person is read anew. */
const planStaysFresh = 15_000;
/** The same for plans that cost a quota: GitHub gives a token 5,000 requests an hour, and a plan takes three. */
const costlyPlanStaysFresh = 120_000;
/** Data ms for which plans of opened runs are kept fresh. */
const keepFreshFor = 6 * 3_600_000;

/** Actions that read nothing of the world outside. */
const inside = actionNames.filter(staysInside);
const costly = actionNames.filter((name) => actionFacts(name)?.costly);

/** One round over all runs: plans kept fresh, ended runs closed, runs without a job given one. Safe on any number of processes. */
export async function lookAfterRuns(deps: EngineDeps): Promise<void> {
  await cancelPrepared(deps);
  await lapseApprovals(deps);
  await refreshPlans(deps);
  await closeEnded(deps);
  await rescue(deps);
}

/** A prepared run that changed nothing ends with its incident. */
async function cancelPrepared(deps: EngineDeps): Promise<void> {
  const now = deps.clock.now();
  await deps.db.transaction().execute(async (tx) => {
    const over = await tx
      .updateTable('run')
      .set({ state: 'cancelled', ended_at: now })
      .where('state', '=', 'prepared')
      .where('incident_id', 'in', (eb) => eb.selectFrom('incident').select('id').where('status', '=', 'resolved'))
      .returning('id')
      .execute();
    for (const run of over) await told(deps, tx, run);
  });
}

async function refreshPlans(deps: EngineDeps): Promise<void> {
  const now = deps.clock.now();
  const [old, older] = [planStaysFresh, costlyPlanStaysFresh].map((ms) => now - dataMs(deps.clock, ms));
  await deps.db.transaction().execute(async (tx) => {
    const stale = await tx
      .selectFrom('run_step')
      .innerJoin('run', 'run.id', 'run_step.run_id')
      .select(['run_step.run_id', 'run_step.step_id', 'run_step.drive'])
      .where('run_step.state', 'in', ['planned', 'awaiting-approval'])
      // What a person does themselves has no world to be read against.
      .where('run_step.uses', 'not in', inside)
      .where('run.state', 'in', ['prepared', 'open'])
      .where('run.opened_at', '>', now - keepFreshFor)
      .where(
        sql<boolean>`(plan->>'readAt')::bigint < case when run_step.uses = any(${costly}) then ${older}::bigint else ${old}::bigint end`,
      )
      .where(sql<boolean>`not coalesce((drive->>'replan')::boolean, false)`)
      .limit(20)
      .forUpdate('run_step')
      .skipLocked()
      .execute();
    for (const step of stale) {
      const drive: StepDrive = { ...step.drive, replan: true };
      await tx
        .updateTable('run_step')
        .set({ drive: JSON.stringify(drive) })
        .where('run_id', '=', step.run_id)
        .where('step_id', '=', step.step_id)
        .execute();
      await deps.send(tx, { runId: step.run_id, look: drive.look ?? null });
    }
  });
}

/** Only runs that can end now: those whose last change may still be undone must not stand before them in the queue. */
async function closeEnded(deps: EngineDeps): Promise<void> {
  const before = deps.clock.now() - undoFor;
  const ended = await deps.db
    .selectFrom('run')
    .select('id')
    .where('state', '=', 'open')
    .where(
      sql<boolean>`not exists (select 1 from run_step s where s.run_id = run.id and s.state not in ('succeeded','skipped','undone'))`,
    )
    .where(
      sql<boolean>`(not exists (select 1 from run_step s where s.run_id = run.id and s.state = 'succeeded' and s.captured is not null)
        or not exists (select 1 from incident i where i.id = run.incident_id and i.status = 'open')
          and not exists (select 1 from run_step s where s.run_id = run.id and s.ended_at > ${before}))`,
    )
    .orderBy('opened_at')
    .limit(50)
    .execute();
  for (const { id } of ended)
    await finishRun(deps, id).catch((error: unknown) =>
      deps.log.warn({ run: id, why: errorText(error) }, 'a run could not be ended'),
    );
}

/** Steps in flight, or waiting to be planned, that no job of the queue carries: a job was lost with its process, or its look passed. */
async function rescue(deps: EngineDeps): Promise<void> {
  const { rows } = await sql<{ run_id: string; look: string | null }>`
    select distinct on (s.run_id) s.run_id, s.drive->>'look' as look
    from run_step s join run r on r.id = s.run_id
    where (s.state in ('running', 'verifying')
        or (s.state = 'blocked' and (s.drive ? 'look' or not exists (
              select 1 from target_lock l where l.target = s.plan->>'target')))
        or (s.state = 'pending' and r.state in ('prepared', 'open') and not exists (
              select 1 from run_step b where b.run_id = s.run_id and b.index < s.index
                and b.state not in ('succeeded', 'skipped', 'undone'))))
      and not exists (
        select 1 from pgboss.job j where j.name = 'run' and j.singleton_key = s.run_id
          and j.state in ('created', 'retry', 'active'))
    order by s.run_id, s.index
    limit 50`.execute(deps.db);
  for (const { run_id: runId, look } of rows) {
    deps.log.info({ run: runId }, 'a run without a job goes on');
    await deps.db.transaction().execute((tx) => deps.send(tx, { runId, look }));
  }
}
