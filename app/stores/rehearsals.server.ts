import type { Selectable } from 'kysely';
import { storable } from '../domain/audit/canonical.ts';
import type { RehearsalRecord } from '../domain/rehearsal/record.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { NewAuditEntry } from './audit.server.ts';
import type { RehearsalTables } from './schema/rehearsal.ts';

/** What rehearsals came to, as programs told it. */
export interface RehearsalStore {
  /** The last of every runbook that was ever rehearsed, by slug. */
  all(): Promise<Map<string, RehearsalRecord>>;
  of(runbook: string): Promise<RehearsalRecord | null>;
  /** Replaces what was known of the runbook, with its audit line. */
  record(record: RehearsalRecord, address: string | null): Promise<void>;
}

/** Rehearsals in PostgreSQL. */
export function createRehearsalStore(
  db: Db,
  notify: Notify,
  audit: (tx: Tx, entry: NewAuditEntry) => Promise<unknown>,
): RehearsalStore {
  return {
    async all() {
      const rows = await db.selectFrom('rehearsal').selectAll().execute();
      return new Map(rows.map((row) => [row.runbook, toRecord(row)]));
    },
    async of(runbook) {
      const row = await db.selectFrom('rehearsal').selectAll().where('runbook', '=', runbook).executeTakeFirst();
      return row ? toRecord(row) : null;
    },
    record: ({ runbook, digest, rehearsal, cases, at, by }, address) =>
      db.transaction().execute(async (tx) => {
        const told = cases.map(({ name, held, why }) => ({
          name: storable(name),
          held,
          why: why === null ? null : storable(why),
        }));
        const values = { digest, rehearsal, at, by_key: by, cases: JSON.stringify(told) };
        await tx
          .insertInto('rehearsal')
          .values({ runbook, ...values })
          .onConflict((conflict) => conflict.column('runbook').doUpdateSet(values))
          .execute();
        await notify('catalog', tx);
        const held = cases.filter((one) => one.held).length;
        await audit(tx, {
          ...{
            at,
            actor: `key ${by}`,
            action: 'rehearsal.recorded',
            target: `runbook/${runbook}`,
            reason: null,
            address,
          },
          ...{ runId: null, stepId: null, before: null, after: { digest, rehearsal, held, cases: cases.length } },
        });
      }),
  };
}

function toRecord({ by_key: by, ...row }: Selectable<RehearsalTables['rehearsal']>): RehearsalRecord {
  return { ...row, by };
}
