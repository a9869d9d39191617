import { type Selectable, sql } from 'kysely';
import type { Incident } from '../../domain/incident/incident.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { Database } from '../schema.ts';
import type { IncidentStore } from '../stores.ts';
import { createWebhookStore } from '../webhooks.server.ts';
import { alertsOf } from './alerts.server.ts';
import { pagerDutyOf } from './pagerduty-incidents.server.ts';
import { readTimeline } from './timeline.server.ts';
import { untakenPages } from './untaken-pages.server.ts';

/** What pages read of incidents. What the engine writes of them is in `incident-writes.server.ts`. */
export function createIncidentStore(db: Db, clock: Pick<Clock, 'wall' | 'now'>, notify: Notify): IncidentStore {
  const webhooks = createWebhookStore(db, clock, notify);
  const withTrouble = async (found: Incident[]): Promise<Incident[]> => {
    if (found.every(({ status }) => status !== 'open')) return found;
    const troubles = await untakenPages(db, clock.now());
    return found.map((incident) => {
      const pageTrouble = troubles.get(incident.id);
      return pageTrouble ? { ...incident, pageTrouble } : incident;
    });
  };
  const incidents = () => db.selectFrom('incident').selectAll('incident');
  return {
    async open() {
      const rows = await incidents()
        .where('status', '=', 'open')
        .orderBy('level')
        .orderBy('opened_at', 'desc')
        .execute();
      return withTrouble(rows.map(toIncident));
    },
    async recent(limit, before) {
      let query = incidents().orderBy('opened_at', 'desc').limit(limit);
      if (before !== undefined) query = query.where('opened_at', '<', before);
      return (await query.execute()).map(toIncident);
    },
    async get(id) {
      const row = await incidents().where('id', '=', id).executeTakeFirst();
      return row ? ((await withTrouble([toIncident(row)]))[0] ?? null) : null;
    },
    async ofService(service, limit) {
      const rows = await incidents()
        .where((eb) =>
          eb.or([eb('service', '=', service), sql<boolean>`children @> ${JSON.stringify([service])}::jsonb`]),
        )
        .orderBy('opened_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toIncident);
    },
    alerts: (incident) => alertsOf(db, incident),
    timeline: (incident) => readTimeline(db, incident),
    pagerDuty: (incident) => pagerDutyOf(db, incident),
    async byPagerDuty(pagerDutyId) {
      const row = await incidents()
        .innerJoin('pagerduty_incident', 'pagerduty_incident.incident_id', 'incident.id')
        .where('pagerduty_incident.id', '=', pagerDutyId)
        .executeTakeFirst();
      return row ? toIncident(row) : null;
    },
    askFor: (pagerDutyId, by) => webhooks.ask(pagerDutyId, by),
  };
}

/** A row as the domain's incident. */
export function toIncident(row: Selectable<Database['incident']>): Incident {
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    level: row.level,
    service: row.service,
    slo: row.slo,
    tier: row.tier,
    startedAt: row.started_at,
    openedAt: row.opened_at,
    pagedAt: row.paged_at,
    resolvedAt: row.resolved_at,
    runbook: row.runbook,
    children: row.children,
  };
}
