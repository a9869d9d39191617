import { createHash } from 'node:crypto';
import pg from 'pg';

/** Times that a statement is asked before it is prepared. */
const often = 20;
/** Statements that are asked often, of which each connection keeps the plan. */
const mostPrepared = 200;
/** Texts counted at most. */
const mostCounted = 1_000;

/**
 * A client class for a pool, whose connections have PostgreSQL parse and plan a statement once that is asked again and again: planning
 * costs about as much as executing does. Left out is what returns `*`, whose prepared form fails once another process's migration
 * has added a column, and whatever is not one plain statement.
 */
export function preparingClient(): typeof pg.Client {
  const asked = new Map<string, number>();
  /** By text; undefined for what is asked often and cannot be prepared. */
  const names = new Map<string, string | undefined>();

  function nameOf(text: string): string | undefined {
    if (names.has(text) || names.size >= mostPrepared) return names.get(text);
    const times = (asked.get(text) ?? 0) + 1;
    // Texts that come once must not keep what is asked often from being counted: that is counted again soon.
    if (times === 1 && asked.size >= mostCounted) asked.clear();
    asked.set(text, times);
    if (times < often) return undefined;
    asked.delete(text);
    names.set(text, canBePrepared(text) ? createHash('sha256').update(text).digest('base64url') : undefined);
    return names.get(text);
  }

  class PreparingClient extends pg.Client {}
  PreparingClient.prototype.query = function query(this: pg.Client, ...given: unknown[]) {
    const [text, values, ...rest] = given;
    const plain = typeof text === 'string' && (values === undefined || Array.isArray(values));
    const name = plain ? nameOf(text) : undefined;
    return Reflect.apply(pg.Client.prototype.query, this, name ? [{ name, text, values }, ...rest] : given);
  } as typeof pg.Client.prototype.query;
  return PreparingClient;
}

function canBePrepared(text: string): boolean {
  if (text.includes(';') || !/^\s*(?:with|select|insert|update|delete)\b/i.test(text)) return false;
  // What stands in parentheses returns nothing itself: `count(*)`, a subquery.
  let outer = text;
  for (let before = ''; before !== outer; ) {
    before = outer;
    outer = outer.replaceAll(/\([^()]*\)/g, '');
  }
  return !outer.includes('*');
}
