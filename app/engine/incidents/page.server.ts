import type { PagerDutyEvent } from '../../clients/pagerduty/port.ts';
import { dedupKey } from '../../domain/incident/dedup-key.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { pageAction } from '../../domain/incident/paging.ts';
import { paging } from '../../domain/incident/status.ts';
import type { PagingMode } from '../../domain/slo/slo.ts';
import type { Tx } from '../../platform/db.server.ts';
import { alertsOf } from '../../stores/alerts.server.ts';
import { createOutboxStore, isRefused } from '../../stores/outbox.server.ts';
import { pagerDutyOf } from '../../stores/pagerduty-incidents.server.ts';
import { recordTimeline } from '../../stores/timeline.server.ts';
import type { IncidentDeps } from './deps.ts';
import type { AlertVerdict } from './verdict.ts';

/** A PagerDuty event as the outbox keeps it: the routing key is a secret and is added when it leaves. */
export type StoredEvent = Omit<PagerDutyEvent, 'routingKey'>;

/**
 * Tells PagerDuty what an incident needs told: one trigger when it starts to burn at a page tier, one resolve when
 * that ends. Only where the SLO pages through Firebreak and the mode is `act`; elsewhere the timeline keeps that it
 * would have paged. `verdicts` are this cycle's, for the words. The caller holds the incidents' lock.
 */
export async function pageIncident(
  deps: Pick<IncidentDeps, 'db' | 'mode' | 'incidentUrl'>,
  tx: Tx,
  incident: Incident,
  verdicts: readonly AlertVerdict[],
  modes: ReadonlyMap<string, PagingMode>,
  at: number,
): Promise<void> {
  const alerts = (await alertsOf(tx, incident.id)).filter(paging);
  const through = alerts.filter((alert) => modes.get(alert.slo) === 'firebreak');
  const speaking = verdicts.find((verdict) => verdict.slo.id === incident.slo && verdict.tier !== null);
  const verdict = speaking ?? verdicts.find((other) => alerts.some((alert) => alert.slo === other.slo.id));

  if (deps.mode !== 'act' || (through.length === 0 && alerts.length > 0)) {
    const silent = alerts.filter((alert) => deps.mode !== 'act' || modes.get(alert.slo) === 'shadow');
    const why = deps.mode !== 'act' ? `FIREBREAK_MODE is ${deps.mode}` : 'its paging is shadow';
    await recordTimeline(
      tx,
      incident.id,
      silent.flatMap((alert) => {
        const words = verdicts.find((other) => other.slo.id === alert.slo);
        if (!words || modes.get(alert.slo) === 'cloud-monitoring') return [];
        const text = `Would have paged: ${words.summary} (${why})`;
        return [{ key: `would-page/${alert.id}`, at, kind: 'page' as const, text }];
      }),
    );
    if (deps.mode !== 'act') return;
  }

  const key = dedupKey(incident.id, 'page');
  const outbox = createOutboxStore(deps.db);
  const last = await outbox.last(tx, key);
  const ours = (await pagerDutyOf(tx, incident.id)).filter((pagerDuty) => pagerDuty.alertKeys.includes(key));
  const action = pageAction({
    burning: through.length > 0,
    last: last && { action: (last.body as StoredEvent).action, at: last.created_at, refused: isRefused(last) },
    resolvedAt: ours.every((one) => one.status === 'resolved') ? (ours.at(-1)?.resolvedAt ?? null) : null,
    at,
  });
  // Without this cycle's words a page would say nothing: the next evaluation sends it.
  if (action === null || (action === 'trigger' && !verdict)) return;
  const event: StoredEvent = {
    action,
    dedupKey: key,
    summary: (verdict?.summary ?? incident.title).slice(0, 1_024),
    severity: 'critical',
    source: incident.service ?? 'firebreak',
    links: [{ href: deps.incidentUrl(incident.id), text: 'Open in Firebreak' }],
    details: { incident: incident.id, service: incident.service, slo: incident.slo, ...verdict?.details },
  };
  await outbox.enqueue(tx, { kind: 'pagerduty-event', dedupKey: key, body: event, incident_id: incident.id }, at);
}
