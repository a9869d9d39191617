import { decidedBy } from '../domain/audit/audit.ts';
import { storable } from '../domain/audit/canonical.ts';
import type { Actor } from '../domain/run/run.ts';
import { AppError } from '../errors.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { NewAuditEntry } from './audit.server.ts';

/** Another owner or due date for an open follow-up; see `FollowUpStore.change`. */
export function changeFollowUp(deps: {
  db: Db;
  notify: Notify;
  audit(tx: Tx, entry: NewAuditEntry): Promise<unknown>;
}) {
  return (id: string, wanted: { owner: string; dueAt: number | null }, actor: Actor, at: number): Promise<void> =>
    deps.db.transaction().execute(async (tx) => {
      const row = await tx.selectFrom('follow_up').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
      if (!row) throw new AppError('not_found');
      if (row.cleared_at !== null) throw new AppError('already_done', 'It was cleared meanwhile.');
      const owner = storable(wanted.owner).trim();
      if (owner === '')
        throw new AppError('bad_input', 'Name an owner: a person’s email or a team.', { field: 'owner' });
      const set = { owner, due_at: wanted.dueAt ?? row.due_at };
      if (set.owner === row.owner && set.due_at === row.due_at) return;
      await tx.updateTable('follow_up').set(set).where('id', '=', id).execute();
      await deps.notify('follow-ups', tx);
      await deps.audit(tx, {
        ...{ at, actor: decidedBy(actor), action: 'follow-up.change', target: row.target, runId: row.run_id },
        ...{ stepId: null, reason: null, address: null },
        before: { owner: row.owner, dueAt: row.due_at },
        after: { owner: set.owner, dueAt: set.due_at },
      });
    });
}
