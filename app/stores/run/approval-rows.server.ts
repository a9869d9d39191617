import type { Selectable } from 'kysely';
import type { ApprovalOutcome, ApprovalRequest, BrokenGlass } from '../../domain/run/approval.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Database } from '../schema.ts';

type RequestRow = Selectable<Database['approval_request']>;

/** Requests with who said yes to them, in the order of their rows. */
export async function withApprovals(db: Db | Tx, rows: readonly RequestRow[]): Promise<ApprovalRequest[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const given = await db.selectFrom('approval').selectAll().where('request_id', 'in', ids).orderBy('at').execute();
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    stepId: row.step_id,
    planHash: row.plan_hash,
    reason: row.reason,
    requester: row.requester,
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    rules: row.rules,
    approvals: given.filter((one) => one.request_id === row.id).map(({ actor, at }) => ({ actor, at })),
    outcome: row.outcome,
    endedAt: row.ended_at,
    endedBy: row.ended_by,
    endedReason: row.ended_reason,
  }));
}

/** The request of a step that waits; null when nobody asks. */
export async function openRequest(db: Db | Tx, runId: string, stepId: string): Promise<ApprovalRequest | null> {
  const rows = await db
    .selectFrom('approval_request')
    .selectAll()
    .where('run_id', '=', runId)
    .where('step_id', '=', stepId)
    .where('ended_at', 'is', null)
    .execute();
  return (await withApprovals(db, rows))[0] ?? null;
}

/** One request by its id; null when there is none. */
export async function requestById(db: Db | Tx, id: string): Promise<ApprovalRequest | null> {
  const rows = await db.selectFrom('approval_request').selectAll().where('id', '=', id).execute();
  return (await withApprovals(db, rows))[0] ?? null;
}

/** Ends what waits in a run, or at one step of it. */
export async function endRequests(
  tx: Tx,
  about: { runId: string; stepId?: string },
  end: { outcome: ApprovalOutcome; at: number; by: string; reason: string | null },
): Promise<void> {
  let query = tx
    .updateTable('approval_request')
    .set({ outcome: end.outcome, ended_at: end.at, ended_by: end.by, ended_reason: end.reason })
    .where('run_id', '=', about.runId)
    .where('ended_at', 'is', null);
  if (about.stepId !== undefined) query = query.where('step_id', '=', about.stepId);
  await query.execute();
}

/** A row of `broken_glass` as pages read it. */
export function toBrokenGlass(row: Selectable<Database['broken_glass']>): BrokenGlass {
  return {
    runId: row.run_id,
    stepId: row.step_id,
    at: row.at,
    by: row.by_person,
    reason: row.reason,
    missing: row.missing,
    requester: row.requester,
    followUpId: row.follow_up_id,
    dueAt: row.due_at,
    signedBy: row.signed_by?.name ?? null,
    signedAt: row.signed_at,
    signedText: row.signed_text,
  };
}
