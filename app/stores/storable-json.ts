import { storable } from '../domain/audit/canonical.ts';

/**
 * A value as JSON that PostgreSQL stores: jsonb takes neither NUL characters nor halves of surrogate pairs, and texts
 * from outside hold both. `undefined` is null.
 */
export function storableJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner) => (typeof inner === 'string' ? storable(inner) : inner));
}
