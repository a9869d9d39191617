import { storable } from '../domain/audit/canonical.ts';

/**
 * A value as JSON that PostgreSQL stores: jsonb takes neither NUL characters nor halves of surrogate pairs, and texts
 * from outside hold both. `undefined` is null.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value ?? null);
  // Both would stand there as escapes; where neither does, as nearly always, one pass is enough.
  if (!/\\u(?:0000|d[89a-f])/.test(json)) return json;
  return JSON.stringify(value ?? null, (_key, inner) => (typeof inner === 'string' ? storable(inner) : inner));
}
