import { sql } from 'kysely';
import type { Config } from '#app/config.server.ts';
import { openDb } from '#app/platform/db.server.ts';
import { hasPeople } from '#app/platform/people.server.ts';
import { isMigrated } from '#app/stores/migrate.server.ts';
import { type Finding, ok, problem, said, skipped } from './doctor-finding.ts';

/** The oldest PostgreSQL that the console runs on. */
const oldest = 140_000;
const patienceMs = 10_000;
/** Clocks further apart than this, ms, make ages and the order of things wrong. */
const mostSkew = 30_000;

/** Reaches the database in a transaction that may only read: its version, its migrations, its clock, and whether anybody can sign in. */
export async function databaseFindings(config: Config, wall: () => number): Promise<Finding[]> {
  const url = config.DATABASE_OWNER_URL ?? config.DATABASE_URL;
  const handle = openDb(url, { max: 1, connectMs: patienceMs, onError: () => undefined });
  try {
    return await handle.db
      .transaction()
      .setAccessMode('read only')
      .execute(async (tx) => {
        const before = wall();
        const { rows } = await sql<{ number: number; version: string; at: number }>`
          select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
            extract(epoch from clock_timestamp())::float8 * 1000 as at`.execute(tx);
        const { number, version, at } = rows[0]!;
        const skew = skewFinding('clock of the database', at, (before + wall()) / 2);
        if (number < oldest) {
          const mend = 'Firebreak needs PostgreSQL 14 or newer: point DATABASE_URL at one.';
          return [problem('database', `PostgreSQL ${version} answers, which is too old.`, mend), skew];
        }
        if (!(await isMigrated(tx))) {
          const mend =
            'Start one process of this version: it migrates first. Or a newer version runs here: use its doctor.';
          return [problem('database', `PostgreSQL ${version} answers; its schema is not this version’s.`, mend), skew];
        }
        const people = (await hasPeople(tx))
          ? ok('people', 'Somebody can sign in.')
          : problem('people', 'Nobody can sign in.', 'Make the first admin: firebreak person create --role admin …');
        return [ok('database', `PostgreSQL ${version} answers and is migrated.`), skew, people];
      });
  } catch (error) {
    const mend =
      'Check DATABASE_URL (and DATABASE_OWNER_URL), that the server runs, and that this machine may reach it.';
    return [
      problem('database', `It does not answer: ${said(error)}.`, mend),
      skipped('people', 'The database does not answer.'),
    ];
  } finally {
    await handle.close();
  }
}

/** How far another system's clock (ms) is from ours. */
export function skewFinding(check: string, theirs: number, ours: number): Finding {
  const seconds = Math.round(Math.abs(theirs - ours) / 1_000);
  if (Math.abs(theirs - ours) <= mostSkew) return ok(check, `${seconds} s apart from this machine’s.`);
  const way = theirs > ours ? 'ahead of' : 'behind';
  return problem(check, `${seconds} s ${way} this machine’s.`, 'Let both keep time by NTP; one of them does not.');
}
