import { sql } from 'kysely';
import type { Alert } from '../../domain/alert/alert.ts';
import { dedupKey } from '../../domain/incident/dedup-key.ts';
import type { IncidentLevel, PagerDutyIncident } from '../../domain/incident/incident.ts';
import type { Silence } from '../../domain/silence/silence.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import { toAlert } from '../../stores/incident/alerts.server.ts';
import type { Delivery } from '../../stores/outbox.server.ts';
import { standingSilences } from '../../stores/silences.server.ts';

/** All that decides what an incident has to tell, as read at one moment. */
export interface PageFacts {
  /** Oldest first. */
  alerts: Alert[];
  /** All that stand, of whatever they are about. */
  silences: Silence[];
  /** The newest delivery of each level. */
  last: Record<IncidentLevel, Delivery | null>;
  /** Oldest first. */
  pagerDuty: PagerDutyIncident[];
  /** Lines of its timeline about alerts, silences and what would have been told, oldest first; times ms. */
  lines: { key: string; at: number }[];
}

/** The facts of these incidents in a fixed number of reads, however many they are. */
export async function readPageFacts(
  db: Db | Tx,
  incidents: readonly string[],
  at: number,
): Promise<Map<string, PageFacts>> {
  if (incidents.length === 0) return new Map();
  const levels = ['page', 'ticket'] as const;
  const keys = incidents.flatMap((id) => levels.map((level) => dedupKey(id, level)));
  // One after the other: a transaction has one connection.
  const silences = await standingSilences(db, at);
  const alerts = await db
    .selectFrom('alert')
    .selectAll()
    .where(sql<boolean>`incident_id = any(${[...incidents]}::text[])`)
    .orderBy('opened_at')
    .execute();
  const deliveries = await db
    .selectFrom('outbox')
    .selectAll()
    .distinctOn('dedup_key')
    .where(sql<boolean>`dedup_key = any(${keys}::text[])`)
    .orderBy('dedup_key')
    .orderBy('created_at', 'desc')
    .execute();
  const pages = await db
    .selectFrom('pagerduty_incident')
    .select(['incident_id', 'body'])
    .where(sql<boolean>`incident_id = any(${[...incidents]}::text[])`)
    .execute();
  const lines = await db
    .selectFrom('timeline')
    .select(['incident_id', 'key', 'at'])
    .where(sql<boolean>`incident_id = any(${[...incidents]}::text[])`)
    .where(sql<boolean>`key ~ '^(alert|reopened|silenced|would)'`)
    .orderBy('at')
    .execute();
  return new Map(
    incidents.map((id) => {
      const last = (level: IncidentLevel) =>
        deliveries.find(({ dedup_key: key }) => key === dedupKey(id, level)) ?? null;
      const own = <T extends { incident_id: string | null }>(rows: readonly T[]) =>
        rows.filter((row) => row.incident_id === id);
      const facts: PageFacts = {
        alerts: own(alerts).map(toAlert),
        silences,
        last: { page: last('page'), ticket: last('ticket') },
        pagerDuty: own(pages)
          .map(({ body }) => body)
          .sort((a, b) => a.createdAt - b.createdAt),
        lines: own(lines).map(({ key, at: when }) => ({ key, at: when })),
      };
      return [id, facts];
    }),
  );
}

/** When lines whose keys begin with `prefix` were recorded since `since` (ms), oldest first. */
export function timesIn({ lines }: PageFacts, prefix: string, since: number): number[] {
  return lines.filter(({ key, at }) => key.startsWith(prefix) && at >= since).map(({ at }) => at);
}
