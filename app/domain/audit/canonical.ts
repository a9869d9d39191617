import type { AuditEntry } from './audit.ts';

/** What `prev` is for the first line of the audit. */
export const genesis = '0'.repeat(64);

/**
 * The value as PostgreSQL's jsonb gives it back: keys sorted, `undefined` gone, no NUL and no lone surrogate
 * (both of which jsonb refuses). The same value always gives the same text, whatever order its keys came in.
 */
export function canonicalValue(value: unknown): unknown {
  return sorted(JSON.parse(JSON.stringify(value ?? null)));
}

/** Text that PostgreSQL can store. */
export function storable(text: string): string {
  return text.replace(/[\0\p{Surrogate}]/gu, '\ufffd');
}

function sorted(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [storable(key), sorted(inner)] as const);
  // Own properties one by one: assigning a key named __proto__ would lose it.
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** The text that a line's hash covers, after the hash of the line before: all fields but `prev` and `hash`, in this order. */
export function canonicalText(entry: Omit<AuditEntry, 'prev' | 'hash'>): string {
  return JSON.stringify([
    entry.seq,
    entry.at,
    entry.actor,
    entry.action,
    entry.target,
    entry.runId,
    entry.stepId,
    entry.reason,
    canonicalValue(entry.before),
    canonicalValue(entry.after),
    entry.address,
  ]);
}
