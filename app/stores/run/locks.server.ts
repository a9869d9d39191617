import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { SendRun } from './run-queue.server.ts';

/** Who holds a target: a flag in an environment, or a service's traffic. */
export interface TargetHolder {
  target: string;
  runId: string;
  stepId: string;
  kind: 'stop' | 'forward';
  epoch: number;
  holder: string;
  since: number;
  /** Run that asked this holder to give way. */
  preemptedBy: string | null;
}

/** What somebody who wants a target brings. */
export interface LockClaim {
  target: string;
  runId: string;
  stepId: string;
  kind: 'stop' | 'forward';
  epoch: number;
  holder: string;
  at: number;
}

/** The next fence number: every claim of a step takes one, and a record with an older one is refused. */
export async function nextEpoch(tx: Db | Tx): Promise<number> {
  const { rows } = await sql<{ epoch: number }>`select nextval('lock_epoch') as epoch`.execute(tx);
  return rows[0]!.epoch;
}

/** The holder of a target, or null when it is free. `forUpdate` keeps it from being released until the caller commits. */
export async function holderOf(tx: Db | Tx, target: string, forUpdate = false): Promise<TargetHolder | null> {
  let query = tx
    .selectFrom('target_lock')
    .select(['run_id', 'step_id', 'kind', 'epoch', 'holder', 'taken_at', 'preempted_by'])
    .where('target', '=', target);
  if (forUpdate) query = query.forUpdate();
  const row = await query.executeTakeFirst();
  if (!row) return null;
  const { run_id: runId, step_id: stepId, taken_at: since, preempted_by: preemptedBy, kind, epoch, holder } = row;
  return { target, runId, stepId, kind, epoch, holder, since, preemptedBy };
}

/** Takes a target, or takes it again for the same step with a newer fence number. Returns false when somebody else holds it. */
export async function tryLock(db: Db | Tx, claim: LockClaim): Promise<boolean> {
  const taken = await db
    .insertInto('target_lock')
    .values({
      target: claim.target,
      run_id: claim.runId,
      step_id: claim.stepId,
      kind: claim.kind,
      epoch: claim.epoch,
      holder: claim.holder,
      taken_at: claim.at,
    })
    .onConflict((conflict) =>
      conflict
        .column('target')
        .doUpdateSet({ epoch: claim.epoch, kind: claim.kind })
        .where('target_lock.run_id', '=', claim.runId)
        .where('target_lock.step_id', '=', claim.stepId)
        .where('target_lock.epoch', '<=', claim.epoch),
    )
    .executeTakeFirst();
  return Number(taken.numInsertedOrUpdatedRows ?? 0) > 0;
}

/**
 * As `tryLock`. Returns null on success, else the holder, whose row stays locked until the caller's transaction ends: what the
 * caller writes about waiting is seen by the release.
 */
export async function takeLock(tx: Tx, claim: LockClaim): Promise<TargetHolder | null> {
  if (await tryLock(tx, claim)) return null;
  // The holder may have let go between the two statements: then one more try settles it.
  return (await holderOf(tx, claim.target, true)) ?? takeLock(tx, claim);
}

/** Asks the step that holds a target to give way. Returns false when it already lets go. */
export async function askToGiveWay(
  db: Db,
  target: string,
  holder: { runId: string; stepId: string },
  by: string,
): Promise<boolean> {
  const result = await db
    .updateTable('target_lock')
    .set({ preempted_by: by })
    .where('target', '=', target)
    .where('run_id', '=', holder.runId)
    .where('step_id', '=', holder.stepId)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

/** Takes a target by force from the step that holds it; whatever that one still records is refused by its fence. */
export async function seizeLock(tx: Tx, claim: LockClaim, from: { runId: string; stepId: string }): Promise<boolean> {
  const result = await tx
    .updateTable('target_lock')
    .set({
      run_id: claim.runId,
      step_id: claim.stepId,
      kind: claim.kind,
      epoch: claim.epoch,
      holder: claim.holder,
      taken_at: claim.at,
      preempted_by: null,
    })
    .where('target', '=', claim.target)
    .where('run_id', '=', from.runId)
    .where('step_id', '=', from.stepId)
    .executeTakeFirst();
  return Number(result.numUpdatedRows) > 0;
}

/**
 * Lets go of a target, if this step still holds it, and wakes every run that waits for it. The caller's transaction holds the
 * target (`holderOf` for update): whoever waits has said so before this statement looks.
 */
export async function releaseLock(tx: Tx, send: SendRun, target: string, runId: string, stepId: string): Promise<void> {
  const waiting = await tx
    .with('gone', (db) =>
      db
        .deleteFrom('target_lock')
        .where('target', '=', target)
        .where('run_id', '=', runId)
        .where('step_id', '=', stepId)
        .returning('target'),
    )
    .selectFrom('run_step')
    .select('run_id')
    .where('state', '=', 'blocked')
    .where(sql<string>`plan->>'target'`, '=', target)
    .where(({ exists, selectFrom }) => exists(selectFrom('gone').select('target')))
    .orderBy('confirmed_at')
    .execute();
  for (const { run_id: runId } of waiting) await send(tx, { runId, look: null });
}
