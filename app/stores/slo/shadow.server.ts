import { sql } from 'kysely';
import type { RealIncident, WouldPage } from '../../domain/alert/shadow.ts';
import { isOurs } from '../../domain/incident/status.ts';
import type { Db } from '../../platform/db.server.ts';

/** What a shadow report reads. Times ms. */
export interface ShadowStore {
  /** Stretches at a page tier of these SLOs' alerts that touch [from, to], oldest first. */
  pages(slos: readonly string[], from: number, to: number): Promise<WouldPage[]>;
  /** Incidents of high urgency that PagerDuty had open within [from, to], oldest first. */
  incidents(from: number, to: number): Promise<RealIncident[]>;
  /** Of each of these SLOs: its first evaluation, and its last. */
  evaluated(slos: readonly string[]): Promise<Map<string, { from: number; to: number }>>;
}

/** Reads alerts and PagerDuty's incidents as stored. */
export function createShadowStore(db: Db): ShadowStore {
  return {
    async pages(slos, from, to) {
      if (slos.length === 0) return [];
      const rows = await db
        .selectFrom('alert')
        .selectAll()
        .where(sql<boolean>`slo = any(${slos}::text[])`)
        .where('page_from', '<=', to)
        .where((eb) => eb.or([eb('page_to', 'is', null), eb('page_to', '>=', from)]))
        .orderBy('page_from')
        .orderBy('id')
        .execute();
      return rows.map((row) => ({
        id: row.id,
        slo: row.slo,
        service: row.service,
        tier: row.peak_tier,
        incident: row.incident_id,
        from: row.page_from ?? row.opened_at,
        to: row.page_to,
      }));
    },
    async incidents(from, to) {
      const created = sql<number>`(body->>'createdAt')::float8`;
      const rows = await db
        .selectFrom('pagerduty_incident')
        .leftJoin('incident', 'incident.id', 'pagerduty_incident.incident_id')
        .select(['body', 'incident_id', 'pagerduty_incident.service', 'incident.service as leads'])
        .select(['incident.children', 'incident.slo'])
        .where(created, '<=', to)
        .where(sql<boolean>`coalesce((body->>'resolvedAt')::float8, ${to}::float8) >= ${from}::float8`)
        .where(sql<string>`body->>'urgency'`, '=', 'high')
        .orderBy(created)
        .orderBy('pagerduty_incident.id')
        .execute();
      return rows.map(({ body, incident_id, service, leads, children, slo }) => {
        // Our own pages all go to one service of PagerDuty: what they are about stands in our incident.
        const ours = isOurs(body);
        const about = ours ? [leads, ...(children ?? [])] : [service];
        return {
          id: body.id,
          number: body.number,
          title: body.title,
          url: body.url,
          from: body.createdAt,
          to: body.resolvedAt,
          services: about.filter((each) => each !== null),
          incident: incident_id,
          ownSlo: ours ? slo : null,
        };
      });
    },
    async evaluated(slos) {
      if (slos.length === 0) return new Map();
      const rows = await db
        .selectFrom('slo_state')
        .select(['slo', 'since', 'at'])
        .where(sql<boolean>`slo = any(${slos}::text[])`)
        .execute();
      return new Map(rows.map(({ slo, since, at }) => [slo, { from: since ?? at, to: at }]));
    },
  };
}
