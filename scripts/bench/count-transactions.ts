import pg from 'pg';

/**
 * Counts what this process asks of PostgreSQL while `work` goes on, as transactions: one for each `begin`, and one for each statement
 * outside of one. PostgreSQL's own counter would add the waking of every listener.
 */
export async function countTransactions(work: () => Promise<void>): Promise<number> {
  const { query } = pg.Client.prototype;
  const inside = new WeakSet<pg.Client>();
  let transactions = 0;
  pg.Client.prototype.query = function counted(this: pg.Client, ...given: unknown[]) {
    const [first] = given as [string | { text?: string }];
    const text = typeof first === 'string' ? first : (first.text ?? '');
    if (!inside.has(this)) transactions += 1;
    if (/^\s*(begin|start transaction)\s*;?\s*$/i.test(text)) inside.add(this);
    if (/^\s*(commit|rollback)\s*;?\s*$/i.test(text)) inside.delete(this);
    return Reflect.apply(query, this, given);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return transactions;
}
