import pg from 'pg';

/** What a run's steps leave, and the column by which a run finds them. */
const tables = [
  { from: 'public.run_step', of: 'run_id' },
  { from: 'public.step_attempt', of: 'run_id' },
  { from: 'public.audit', of: 'run_id' },
  { from: 'pgboss.job', of: 'singleton_key' },
] as const;

/** The rows of one step, as JSON by table. */
export type StepRows = string[];

/** Makes tables of the same shape and indexes, in a schema of their own. */
export async function createReference(client: pg.Client): Promise<void> {
  await client.query('create schema if not exists reference');
  for (const { from } of tables) {
    const name = from.split('.')[1];
    await client.query(`drop table if exists reference.${name}`);
    await client.query(`create table reference.${name} (like ${from} including defaults including indexes)`);
  }
}

/** The rows that a run left, a fifth for each of `steps`. */
export async function rowsOf(client: pg.Client, runId: string, steps: number): Promise<StepRows[]> {
  const all: unknown[][] = [];
  for (const { from, of } of tables) {
    const { rows } = await client.query(`select to_jsonb(t) as row from ${from} t where ${of} = $1`, [runId]);
    all.push(rows.map(({ row }) => row as unknown));
  }
  const share = (rows: unknown[], step: number) => rows.filter((_, index) => index % steps === step);
  return Array.from({ length: steps }, (_, step) => all.map((rows) => JSON.stringify(share(rows, step))));
}

/** Writes the rows of one step in one transaction. */
export async function writeRows(client: pg.PoolClient, rows: StepRows): Promise<void> {
  await client.query('begin');
  for (const [index, { from }] of tables.entries()) {
    const table = `reference.${from.split('.')[1]}`;
    await client.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
      rows[index],
    ]);
  }
  await client.query(`select pg_notify('reference', 'told')`);
  await client.query('commit');
}

/** A client of a database. */
export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}
