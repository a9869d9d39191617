import type { Catalog } from '../../domain/catalog.ts';
import type { IncidentLevel } from '../../domain/incident/incident.ts';
import { holds, pages } from '../../domain/incident/status.ts';
import { type Silence, type Silenceable, silencedText, silenceOfAll } from '../../domain/silence/silence.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { StoredAcknowledgement } from '../../stores/incident/acknowledge-pages.server.ts';
import { alertsOf } from '../../stores/incident/alerts.server.ts';
import { lockIncidents, readIncident } from '../../stores/incident/incident-writes.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { createOutboxStore, type Delivery } from '../../stores/outbox.server.ts';
import { standingSilences } from '../../stores/silences.server.ts';
import { type StoredEvent, silencedKey } from '../incidents/page.server.ts';
import { pagedSlos } from '../incidents/paged-slos.ts';

/** Data ms for which it is true that whoever decided something is working on its page. */
const acknowledgementStandsFor = 5 * 60_000;

/** What keeping a delivery back needs. */
export interface HoldBackDeps {
  db: Db;
  clock: Pick<Clock, 'now'>;
  notify: Notify;
  catalog(): Promise<Catalog | null>;
}

/** True for a page or a ticket, whose body is an event; the rest is about what stands in PagerDuty already. */
export function tells({ kind }: Pick<Delivery, 'kind'>): boolean {
  return kind === 'pagerduty-event' || kind === 'pagerduty-ticket' || kind === 'webhook';
}

/**
 * Keeps a page or ticket from leaving that was decided before somebody silenced all it is about: it may have waited for an hour
 * because PagerDuty was down. True when it was kept back; it is decided anew once the silence is over. An acknowledgement is
 * kept back for good once it is old.
 */
export async function holdBack(deps: HoldBackDeps, delivery: Delivery): Promise<boolean> {
  if (delivery.kind === 'pagerduty-acknowledge') return dropOld(deps, delivery);
  const { incident_id: incident } = delivery;
  const event = delivery.body as StoredEvent;
  if (incident === null || !tells(delivery) || event.action !== 'trigger') return false;
  const level = delivery.kind === 'pagerduty-event' ? ('page' as const) : ('ticket' as const);
  // Mostly nothing is silenced: nobody waits for the incidents' lock then.
  if ((await standingSilences(deps.db, deps.clock.now())).length === 0) return false;
  const catalog = await deps.catalog();
  return deps.db.transaction().execute(async (tx) => {
    await lockIncidents(tx);
    const at = deps.clock.now();
    const silences = await standingSilences(tx, at);
    const about = await aboutOf(tx, incident, level, event, catalog);
    const silence: Silence | null = silenceOfAll(
      about.map(({ what }) => what),
      silences,
      at,
    );
    if (!silence) return false;
    const why = silencedText(silence);
    await createOutboxStore(deps.db).holdBack(tx, delivery.id, why, at);
    const text = `A ${level} that waited did not leave: ${why}`;
    const lines = about.map(({ alert }) => ({
      key: silencedKey(level, { id: alert }, silence.id),
      at,
      kind: 'page' as const,
      text,
    }));
    await recordTimeline(tx, incident, lines.slice(0, 1));
    await deps.notify('incidents', tx);
    return true;
  });
}

/** Keeps an acknowledgement from leaving that says nothing any more of who works on the page now: it would silence a page while nobody is awake. */
async function dropOld(deps: HoldBackDeps, delivery: Delivery): Promise<boolean> {
  const at = deps.clock.now();
  if (at - delivery.created_at <= acknowledgementStandsFor) return false;
  const { by, pagerDutyId } = delivery.body as StoredAcknowledgement;
  const text = `The page was not acknowledged for ${by}: PagerDuty could not be reached for 5 min, and it goes on escalating.`;
  await deps.db.transaction().execute(async (tx) => {
    if (delivery.incident_id !== null) await lockIncidents(tx);
    await createOutboxStore(deps.db).holdBack(tx, delivery.id, text, at);
    if (delivery.incident_id === null) return;
    const key = `not-acknowledged/${pagerDutyId}/${delivery.id}`;
    await recordTimeline(tx, delivery.incident_id, [{ key, at, kind: 'pagerduty', text }]);
    await deps.notify('incidents', tx);
  });
  return true;
}

/** What a page or ticket is about: the alerts that burn at its tiers, else those that did; or the source that is blind. */
async function aboutOf(
  tx: Tx,
  incident: string,
  level: IncidentLevel,
  event: StoredEvent,
  catalog: Catalog | null,
): Promise<{ alert: string; what: Silenceable }[]> {
  // `project` is what pages said that were decided before there were other sources.
  const { source, project } = event.details as { source?: string; project?: string };
  const blind = source ?? project;
  const known = await readIncident(tx, incident);
  if (blind !== undefined && known?.slo === null)
    return [{ alert: 'blind', what: { slo: '', service: '', source: blind } }];
  const slos = pagedSlos(catalog, []);
  const alerts = (await alertsOf(tx, incident)).filter(
    (alert) =>
      (level === 'ticket' || pages(alert.peakTier)) &&
      slos.mode(alert.slo) !== 'shadow' &&
      slos.mode(alert.slo) !== 'cloud-monitoring',
  );
  const burning = alerts.filter((alert) => holds(alert, level));
  return (burning.length > 0 ? burning : alerts).map((alert) => ({ alert: alert.id, what: slos.silenceable(alert) }));
}
