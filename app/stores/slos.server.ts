import type { SloEvaluation } from '../domain/slo/evaluation.ts';
import { hourMs, minuteMs, unpackMinutes } from '../domain/slo/series.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import { createSloHours, type SloHours } from './slo-hours.server.ts';
import { createStatesReader, toState } from './slo-states.server.ts';
import type { CatalogStore, SloState, SloStore } from './stores.ts';

/** The part of the SLO store that only the engine uses. */
export interface SloWriter extends SloHours {
  saveState(state: { evaluation: SloEvaluation; service: string; readAt: number | null }, tx: Tx): Promise<void>;
  /** The source failed: the last evaluation stays, with what the failure said. */
  saveFailure(slo: string, error: string, at: number): Promise<void>;
}

/** Buckets and evaluations of SLOs. */
export function createSloStore(db: Db, catalog: CatalogStore): SloStore & SloWriter {
  const readStates = createStatesReader(db);
  async function minutes(slo: string, from: number, to: number, of: 'budget' | 'events' = 'budget') {
    const rows = await db
      .selectFrom(of === 'budget' ? 'sli_hour' : 'sli_event_hour')
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
    ...createSloHours(db),
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
