import { hourMs, minuteMs, unpackMinutes } from '../../domain/slo/series.ts';
import type { Db } from '../../platform/db.server.ts';
import type { CatalogStore, SloState, SloStore } from '../stores.ts';
import { createStatesReader, toState } from './slo-states.server.ts';
import { createSloWriter, type SloWriter } from './slo-writer.server.ts';

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
    ...createSloWriter(db),
  };

  async function one(slo: string): Promise<SloState | null> {
    const row = await db.selectFrom('slo_state').selectAll().where('slo', '=', slo).executeTakeFirst();
    return row ? toState(row) : null;
  }
}
