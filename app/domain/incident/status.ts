import type { Alert } from '../alert/alert.ts';
import type { Tier } from '../slo/slo.ts';
import { parseDedupKey } from './dedup-key.ts';
import type { Incident, IncidentStatus, PagerDutyIncident } from './incident.ts';

/** True for the tiers that wake somebody. */
export function pages(tier: Tier | null): boolean {
  return tier === 'page-fast' || tier === 'page-slow';
}

/** True when this alert still burns at a page tier. */
export function paging(alert: Pick<Alert, 'tier' | 'clearedAt'>): boolean {
  return alert.clearedAt === null && pages(alert.tier);
}

/** True when this alert keeps an incident of that level open. */
export function holds(alert: Pick<Alert, 'tier' | 'clearedAt'>, level: Incident['level']): boolean {
  return level === 'ticket' ? alert.clearedAt === null : paging(alert);
}

/** True for a PagerDuty incident that our own events opened: it ends when we say so, and keeps nothing open by itself. */
export function isOurs(pagerDuty: Pick<PagerDutyIncident, 'alertKeys'>): boolean {
  return pagerDuty.alertKeys.length > 0 && pagerDuty.alertKeys.every((key) => parseDedupKey(key) !== null);
}

/**
 * Whether an incident stands: while one of its alerts burns at a page tier (of a ticket at any tier), or while a PagerDuty
 * incident that others opened is not resolved. Resolving ours in PagerDuty does not end what still burns. An incident that never had an
 * alert (its dedup key outlived it, or PagerDuty alone brought it) follows its PagerDuty incidents.
 */
export function incidentStatus(
  alerts: readonly Pick<Alert, 'tier' | 'clearedAt'>[],
  pagerDuty: readonly Pick<PagerDutyIncident, 'alertKeys' | 'status'>[],
  level: Incident['level'],
): IncidentStatus {
  if (alerts.some((alert) => holds(alert, level))) return 'open';
  const holding = alerts.length > 0 ? pagerDuty.filter((incident) => !isOurs(incident)) : pagerDuty;
  return holding.some((incident) => incident.status !== 'resolved') ? 'open' : 'resolved';
}
