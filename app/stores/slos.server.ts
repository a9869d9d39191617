import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { type HourRow, hourMs, minuteMs, unpackMinutes } from '../domain/slo/series.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import { createStatesReader, toState } from './slo-states.server.ts';
import type { CatalogStore, SloState, SloStore } from './stores.ts';

/** The part of the SLO store that only the engine uses. */
export interface SloWriter {
  hours(slo: string, fromHour: number): Promise<HourRow[]>;
  saveHours(slo: string, rows: readonly HourRow[]): Promise<void>;
  saveState(state: { evaluation: SloEvaluation; service: string; readAt: number | null }, tx: Tx): Promise<void>;
  /** The source failed: the last evaluation stays, with what the failure said. */
  saveFailure(slo: string, error: string, at: number): Promise<void>;
}

/** Buckets and evaluations of SLOs. */
export function createSloStore(db: Db, catalog: CatalogStore): SloStore & SloWriter {
  const readStates = createStatesReader(db);
  async function minutes(slo: string, from: number, to: number) {
    const rows = await db
      .selectFrom('sli_hour')
      .selectAll()
      .where('slo', '=', slo)
      .where('hour', '>=', Math.floor(from / hourMs))
      .where('hour', '<=', Math.floor((to - 1) / hourMs))
      .where('minutes', 'is not', null)
      .orderBy('hour')
      .execute();
    return rows
      .flatMap((row) =>
        unpackMinutes(row.minutes as Uint8Array).map(({ bad, total }, index) => ({
          at: row.hour * hourMs + (index + 1) * minuteMs,
          bad,
          total,
        })),
      )
      .filter(({ at, total }) => at > from && at <= to && !Number.isNaN(total));
  }
  return {
    minutes,
    async points(slo, from, to) {
      const declared = (await catalog.current())?.slos.find(({ id }) => id === slo);
      const state = await one(slo);
      if (!declared) return [];
      const settledTo = state?.evaluation.at ?? 0;
      return (await minutes(slo, from, to)).map(({ at, bad, total }) => ({
        at: at - minuteMs,
        bad,
        total,
        burn: total > 0 ? bad / total / (1 - declared.objective) : null,
        settled: at <= settledTo,
      }));
    },
    async states() {
      return [...(await readStates())];
    },
    state: one,
    async hours(slo, fromHour) {
      const rows = await db
        .selectFrom('sli_hour')
        .selectAll()
        .where('slo', '=', slo)
        .where('hour', '>=', fromHour)
        .orderBy('hour')
        .execute();
      return rows;
    },
    async saveHours(slo, rows) {
      for (let start = 0; start < rows.length; start += 500) {
        const values = rows.slice(start, start + 500).map((row) => ({
          slo,
          hour: row.hour,
          bad: row.bad,
          total: row.total,
          known: row.known,
          minutes: row.minutes ? Buffer.from(row.minutes) : null,
        }));
        await db
          .insertInto('sli_hour')
          .values(values)
          .onConflict((conflict) =>
            conflict.columns(['slo', 'hour']).doUpdateSet((eb) => ({
              bad: eb.ref('excluded.bad'),
              total: eb.ref('excluded.total'),
              known: eb.ref('excluded.known'),
              minutes: eb.ref('excluded.minutes'),
            })),
          )
          .execute();
      }
    },
    async saveState({ evaluation, service, readAt }, tx) {
      const row = {
        service,
        at: evaluation.at,
        condition: evaluation.condition,
        tier: evaluation.tier,
        evaluation: JSON.stringify(evaluation),
        read_at: readAt,
        error: null,
        error_at: null,
      };
      await tx
        .insertInto('slo_state')
        .values({ slo: evaluation.slo, since: evaluation.at, ...row })
        .onConflict((conflict) => conflict.column('slo').doUpdateSet(row).where('slo_state.at', '<=', evaluation.at))
        .execute();
    },
    async saveFailure(slo, error, at) {
      await db.updateTable('slo_state').set({ error, error_at: at }).where('slo', '=', slo).execute();
    },
  };

  async function one(slo: string): Promise<SloState | null> {
    const row = await db.selectFrom('slo_state').selectAll().where('slo', '=', slo).executeTakeFirst();
    return row ? toState(row) : null;
  }
}
