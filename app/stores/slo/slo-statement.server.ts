import { sql } from 'kysely';
import { hourMs, unpackMinutes } from '../../domain/slo/series.ts';
import { type StretchCounts, wholeHours } from '../../domain/slo/statement.ts';
import type { Db } from '../../platform/db.server.ts';
import { indicatorChanges } from './slo-indicators.server.ts';

/** A stretch of one SLO's time, ms. */
export interface SloStretch {
  slo: string;
  from: number;
  to: number;
}

/** What a statement reads: sums made in the database, and of packed minutes only those of the hours at the two ends. */
export interface SloStatementStore {
  stretches(wanted: readonly SloStretch[]): Promise<Map<string, StretchCounts>>;
  /** When (data ms) the indicator of these SLOs last changed; those that always had the same are missing. */
  indicatorChanges(slos: readonly string[]): Promise<Map<string, number>>;
  /** Incidents with an alert of these SLOs between `from` and `to` (ms), clipped to it: how many, and how long they lasted in all. */
  incidents(slos: readonly string[], from: number, to: number): Promise<Map<string, { count: number; ms: number }>>;
}

/** Sums buckets for statements of many SLOs at once. */
export function createSloStatementStore(db: Db): SloStatementStore {
  return {
    indicatorChanges: (slos) => indicatorChanges(db, slos),
    async stretches(wanted) {
      const found = new Map<string, StretchCounts>();
      if (wanted.length === 0) return found;
      const slos = wanted.map(({ slo }) => slo);
      const whole = wanted.map(({ from, to }) => wholeHours(from, to));
      const sums = await sql<{ slo: string; bad: number; total: number; known: number }>`
        select h.slo, sum(h.bad) as bad, sum(h.total) as total, sum(h.known)::int as known
        from unnest(${slos}::text[], ${whole.map(({ first }) => first)}::int[], ${whole.map(({ end }) => end)}::int[])
          as wanted(slo, first, finish)
        join sli_hour h on h.slo = wanted.slo and h.hour >= wanted.first and h.hour < wanted.finish
        group by h.slo`.execute(db);
      const ends = wanted.flatMap(({ slo, from, to }) =>
        [from, to].filter((at) => at % hourMs !== 0).map((at) => ({ slo, hour: Math.floor(at / hourMs) })),
      );
      const edges = await sql<{
        slo: string;
        hour: number;
        bad: number;
        total: number;
        known: number;
        minutes: Buffer | null;
      }>`
        select distinct on (h.slo, h.hour) h.*
        from unnest(${ends.map(({ slo }) => slo)}::text[], ${ends.map(({ hour }) => hour)}::int[]) as wanted(slo, hour)
        join sli_hour h on h.slo = wanted.slo and h.hour = wanted.hour`.execute(db);
      for (const slo of slos) {
        const { bad, total, known } = sums.rows.find((row) => row.slo === slo) ?? { bad: 0, total: 0, known: 0 };
        const own = edges.rows.filter((row) => row.slo === slo);
        found.set(slo, {
          whole: { bad, total, known },
          edges: {
            hours: new Map(own.map((row) => [row.hour, { bad: row.bad, total: row.total, known: row.known }])),
            minutes: new Map(
              own.flatMap(({ hour, minutes }) =>
                minutes
                  ? [[hour, unpackMinutes(minutes).map((each) => (Number.isNaN(each.total) ? null : each))] as const]
                  : [],
              ),
            ),
          },
        });
      }
      return found;
    },
    async incidents(slos, from, to) {
      if (slos.length === 0) return new Map();
      const { rows } = await sql<{ slo: string; count: number; ms: number }>`
        select slo, count(*)::int as count, sum(finish - begin) as ms from (
          select alert.slo, alert.incident_id,
            greatest(${from}::bigint, least(min(alert.opened_at), min(incident.started_at))) as begin,
            least(${to}::bigint, max(coalesce(alert.cleared_at, ${to}::bigint))) as finish
          from alert join incident on incident.id = alert.incident_id
          where alert.slo = any(${slos}::text[]) and alert.opened_at < ${to}::bigint
            and (alert.cleared_at is null or alert.cleared_at > ${from}::bigint)
          group by alert.slo, alert.incident_id) as spell
        where finish > begin group by slo`.execute(db);
      return new Map(rows.map(({ slo, count, ms }) => [slo, { count, ms }]));
    },
  };
}
