import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.server.ts';

/** By which indicator (`fingerprintOf`) the stored hours of an SLO are counted: by one at a time, so that no sum is of two. */
export interface SloIndicators {
  /** Those of these SLOs; one of which none was noted yet is missing. */
  indicators(slos: readonly string[]): Promise<Map<string, string>>;
  /** Notes them for the first time: what is stored already counts as theirs. An SLO that has one keeps it. */
  adoptIndicators(found: readonly { slo: string; indicator: string }[]): Promise<void>;
  /** Another indicator from `since` (data ms) on: forgets every stored hour of the SLO. */
  beginAnew(slo: string, indicator: string, since: number): Promise<void>;
}

export function createSloIndicators(db: Db | Tx): SloIndicators {
  return {
    async indicators(slos) {
      const rows = await db
        .selectFrom('slo_indicator')
        .select(['slo', 'indicator'])
        .where(sql<boolean>`slo = any(${[...slos]}::text[])`)
        .execute();
      return new Map(rows.map(({ slo, indicator }) => [slo, indicator]));
    },
    async adoptIndicators(found) {
      await db
        .insertInto('slo_indicator')
        .values(found.map((each) => ({ ...each, since: null })))
        .onConflict((conflict) => conflict.column('slo').doNothing())
        .execute();
    },
    async beginAnew(slo, indicator, since) {
      // The note comes last: a process that dies on the way leaves the former one, and the next begins anew again.
      for (const table of ['sli_hour', 'sli_event_hour'] as const)
        await db.deleteFrom(table).where('slo', '=', slo).execute();
      await db
        .insertInto('slo_indicator')
        .values({ slo, indicator, since })
        .onConflict((conflict) => conflict.column('slo').doUpdateSet({ indicator, since }))
        .execute();
    },
  };
}

/** When (data ms) the indicator of these SLOs last changed; those that always had the same are missing. */
export async function indicatorChanges(db: Db, slos: readonly string[]): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('slo_indicator')
    .select(['slo', 'since'])
    .where(sql<boolean>`slo = any(${[...slos]}::text[])`)
    .where('since', 'is not', null)
    .$narrowType<{ since: number }>()
    .execute();
  return new Map(rows.map(({ slo, since }) => [slo, since]));
}
