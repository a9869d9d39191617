import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { AuditEntry } from '../domain/audit/audit.ts';
import { canonicalText, canonicalValue, genesis, storable } from '../domain/audit/canonical.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { AuditStore } from './stores.ts';

/** Advisory lock of the audit chain: two appends at once would both follow the same line. */
const auditLock = 4_177_001;
const batch = 1_000;

/** What the caller says; sequence number and hashes are the chain's. */
export type NewAuditEntry = Omit<AuditEntry, 'seq' | 'prev' | 'hash'>;

/**
 * Appends a line to the audit chain. Call it as the last statement of the business transaction (read committed):
 * it holds the chain's lock until commit. Throws when the line cannot be written, and so ends the transaction:
 * no audit row, no action. `redact` runs over every text.
 */
export async function appendAudit(
  tx: Tx,
  entry: NewAuditEntry,
  redact: (text: string) => string = (text) => text,
): Promise<number> {
  await sql`select pg_advisory_xact_lock(${auditLock})`.execute(tx);
  const text = (value: string) => storable(redact(value));
  const optional = (value: string | null) => (value === null ? null : text(value));
  const json = (value: unknown) => canonicalValue(JSON.parse(redact(JSON.stringify(value ?? null))));
  const line = {
    at: entry.at,
    actor: text(entry.actor),
    action: text(entry.action),
    target: text(entry.target),
    runId: optional(entry.runId),
    stepId: optional(entry.stepId),
    reason: optional(entry.reason),
    before: json(entry.before),
    after: json(entry.after),
    address: optional(entry.address),
  };
  // What the hash covers starts with the number of the line, which is known inside the statement only.
  const rest = canonicalText({ seq: 0, ...line }).slice('[0'.length);
  // A statement of its own after the lock: it sees the line of whoever held it last.
  const { rows } = await sql<{ seq: number }>`
    with last as (select seq, hash from audit order by seq desc limit 1),
      next as (select coalesce((select seq from last), 0) + 1 as seq, coalesce((select hash from last), ${genesis}) as prev)
    insert into audit (seq, at, actor, action, target, run_id, step_id, reason, before, after, address, prev, hash)
    select seq, ${line.at}, ${line.actor}, ${line.action}, ${line.target}, ${line.runId}, ${line.stepId}, ${line.reason},
      ${jsonb(line.before)}, ${jsonb(line.after)}, ${line.address}, prev,
      encode(sha256(convert_to(prev || '[' || seq || ${rest}, 'UTF8')), 'hex')
    from next returning seq`.execute(tx);
  return rows[0]!.seq;
}

const jsonb = (value: unknown) => (value === null ? null : JSON.stringify(value));

/** Reads the audit and checks its chain. */
export function createAuditStore(db: Db, redact?: (text: string) => string): AuditStore {
  return {
    async append({ after = null, ...line }) {
      const entry = { runId: null, stepId: null, reason: null, before: null, after, ...line };
      await db.transaction().execute((tx) => appendAudit(tx, entry, redact));
    },
    async page({ before, limit, runId }) {
      let query = db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(limit);
      if (before !== undefined) query = query.where('seq', '<', before);
      if (runId !== undefined) query = query.where('run_id', '=', runId);
      return (await query.execute()).map(toEntry);
    },
    async verify() {
      let prev = genesis;
      let seq = 0;
      for (;;) {
        const rows = await db
          .selectFrom('audit')
          .selectAll()
          .where('seq', '>', seq)
          .orderBy('seq', 'asc')
          .limit(batch)
          .execute();
        for (const entry of rows.map(toEntry)) {
          const holds = entry.seq === seq + 1 && entry.prev === prev && entry.hash === hashOf(prev, entry);
          if (!holds) return { ok: false, brokenAt: seq + 1, entries: seq };
          prev = entry.hash;
          seq = entry.seq;
        }
        if (rows.length < batch) return { ok: true, brokenAt: null, entries: seq };
      }
    },
  };
}

function hashOf(prev: string, entry: Omit<AuditEntry, 'prev' | 'hash'>): string {
  return createHash('sha256').update(prev).update(canonicalText(entry)).digest('hex');
}

function toEntry(row: {
  seq: number;
  at: number;
  actor: string;
  action: string;
  target: string;
  run_id: string | null;
  step_id: string | null;
  reason: string | null;
  before: unknown;
  after: unknown;
  address: string | null;
  prev: string;
  hash: string;
}): AuditEntry {
  const { run_id, step_id, ...rest } = row;
  return { ...rest, runId: run_id, stepId: step_id };
}
