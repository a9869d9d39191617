import { randomUUID } from 'node:crypto';
import { storable } from '../../domain/audit/canonical.ts';
import type { BudgetCorrection } from '../../domain/slo/corrections.ts';
import { AppError } from '../../errors.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { NewAuditEntry } from '../audit.server.ts';

/** Corrections of budgets: written with their audit line or not at all. Figures that page are never touched by them. */
export interface BudgetCorrectionStore {
  /** Those in force of these SLOs whose start lies in [from, to) ms, oldest first, at most 500. */
  of(slos: readonly string[], from: number, to: number): Promise<BudgetCorrection[]>;
  /** Throws AppError bad_input when an exclusion overlaps one that is in force. */
  approve(correction: Omit<BudgetCorrection, 'id'>, address: string | null): Promise<string>;
  /** False when it is not in force any more, or of another SLO. */
  withdraw(
    wanted: { slo: string; id: string },
    actor: { email: string },
    at: number,
    address: string | null,
  ): Promise<boolean>;
}

/** Corrections in PostgreSQL. */
export function createBudgetCorrectionStore(
  db: Db,
  notify: Notify,
  audit: (tx: Tx, entry: NewAuditEntry) => Promise<unknown>,
): BudgetCorrectionStore {
  return {
    async of(slos, from, to) {
      if (slos.length === 0) return [];
      const rows = await db
        .selectFrom('budget_correction')
        .selectAll()
        .where('slo', 'in', slos)
        .where('withdrawn_at', 'is', null)
        .where('from_at', '>=', from)
        .where('from_at', '<', to)
        .orderBy('from_at')
        .limit(500)
        .execute();
      return rows.map(toCorrection);
    },
    approve: (correction, address) =>
      db.transaction().execute(async (tx) => {
        const { slo, kind, from, to, bad, total, approvedBy, approvedAt } = correction;
        const id = randomUUID();
        const reason = storable(correction.reason);
        await tx
          .insertInto('budget_correction')
          .values({
            ...{ id, slo, kind, from_at: from, to_at: to, bad, total, reason },
            ...{ approved_by: approvedBy, approved_at: approvedAt, withdrawn_by: null, withdrawn_at: null },
          })
          .execute();
        await notify('slos', tx);
        // The audit's lock comes before the look for others: two approvals at once see each other.
        await audit(tx, {
          ...{ at: approvedAt, actor: approvedBy, action: `budget.${kind}`, target: `slo/${slo}`, reason, address },
          ...{ runId: null, stepId: null, before: null, after: { from, to, bad, total } },
        });
        if (kind === 'exclusion') await refuseOverlap(tx, { id, slo, from, to });
        return id;
      }),
    withdraw: ({ slo, id }, actor, at, address) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('budget_correction')
          .set({ withdrawn_at: at, withdrawn_by: actor.email })
          .where('id', '=', id)
          .where('slo', '=', slo)
          .where('withdrawn_at', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (!row) return false;
        await notify('slos', tx);
        const { from, to, bad, total, reason } = toCorrection(row);
        await audit(tx, {
          ...{ at, actor: actor.email, action: 'budget.withdraw', target: `slo/${slo}`, reason: null, address },
          ...{ runId: null, stepId: null, before: { from, to, bad, total, reason }, after: null },
        });
        return true;
      }),
  };
}

async function refuseOverlap(tx: Tx, own: { id: string; slo: string; from: number; to: number }): Promise<void> {
  const other = await tx
    .selectFrom('budget_correction')
    .select('approved_by')
    .where('slo', '=', own.slo)
    .where('kind', '=', 'exclusion')
    .where('withdrawn_at', 'is', null)
    .where('id', '<>', own.id)
    .where('from_at', '<', own.to)
    .where('to_at', '>', own.from)
    .executeTakeFirst();
  if (other) {
    const by = other.approved_by;
    throw new AppError('bad_input', `A part of this stretch is left out already, by ${by}.`, { field: 'from' });
  }
}

function toCorrection(row: {
  id: string;
  slo: string;
  kind: BudgetCorrection['kind'];
  from_at: number;
  to_at: number;
  bad: number;
  total: number;
  reason: string;
  approved_by: string;
  approved_at: number;
}): BudgetCorrection {
  const { id, slo, kind, from_at: from, to_at: to, bad, total, reason } = row;
  return { id, slo, kind, from, to, bad, total, reason, approvedBy: row.approved_by, approvedAt: row.approved_at };
}
