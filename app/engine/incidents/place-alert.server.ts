import type { Alert } from '../../domain/alert/alert.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { placeAlert, reopenWithin } from '../../domain/incident/place.ts';
import { pages } from '../../domain/incident/status.ts';
import type { Service } from '../../domain/service/service.ts';
import type { Tx } from '../../platform/db.server.ts';
import {
  candidates,
  insertIncident,
  readIncident,
  updateIncident,
} from '../../stores/incident/incident-writes.server.ts';
import { recordTimeline, timesOf } from '../../stores/incident/timeline.server.ts';
import type { AlertVerdict } from './verdict.ts';

/**
 * Finds or opens the incident of an alert that has none: a page-tier alert's is a page, another's a ticket that wakes
 * nobody. Returns its id, or null for a ticket that has to wait. The caller holds the incidents' lock.
 */
export async function findIncident(
  tx: Tx,
  alert: Alert,
  verdict: AlertVerdict,
  services: readonly Service[],
  now: number,
): Promise<{ id: string; change: 'opened' | 'reopened' | 'rose' | 'joined' } | null> {
  const { slo, at } = verdict;
  // A ticket may have smouldered for days before what it could join began.
  const startedAt = verdict.startedAt ?? alert.openedAt;
  const level = pages(alert.tier) ? ('page' as const) : ('ticket' as const);
  const where = { slo: slo.id, service: slo.service, level, startedAt, at };
  const placement = placeAlert(where, await candidates(tx, at), services);
  if (placement.kind === 'wait') return null;

  if (placement.kind === 'open') {
    const incident = await insertIncident(tx, {
      ...led(verdict, services),
      status: 'open',
      level,
      tier: alert.tier,
      openedAt: at,
      pagedAt: null,
      resolvedAt: null,
      children: [],
    });
    return { id: incident.id, change: 'opened' };
  }

  const incident = await readIncident(tx, placement.incident);
  if (!incident) return null;
  if (placement.kind === 'reopen') {
    const rises = level === 'page' && incident.level === 'ticket' ? risen(incident, verdict, services) : incident;
    await updateIncident(tx, { ...rises, status: 'open', resolvedAt: null, pagedAt: null, tier: alert.tier });
    const before = await timesOf(tx, incident.id, reopenedKey(level), now - reopenWithin);
    const often = before.length > 0 ? `, ${before.length + 1} times by now` : '';
    const text = `Opened again: ${slo.title} burns again within two hours${often}.`;
    const key = `${reopenedKey(level)}${alert.id}/${at}`;
    await recordTimeline(tx, incident.id, [{ key, at: now, kind: 'alert', text }]);
    return { id: incident.id, change: 'reopened' };
  }
  if (placement.kind === 'rise') {
    await updateIncident(tx, risen(incident, verdict, services));
    const text = `${slo.title} rose to a page tier: this ticket is a page now.`;
    await recordTimeline(tx, incident.id, [{ key: `rose/${alert.id}/${at}`, at: now, kind: 'alert', text }]);
    return { id: incident.id, change: 'rose' };
  }
  const next =
    placement.leads && level === incident.level ? lead(incident, verdict, services) : follow(incident, slo.service);
  await updateIncident(tx, next);
  if (next.service !== incident.service || next.children.length > incident.children.length) {
    const text = joinText(incident, next, slo.service, placement.via, services);
    await recordTimeline(tx, incident.id, [{ key: `joined/${alert.id}`, at, kind: 'alert', text }]);
  }
  return { id: incident.id, change: 'joined' };
}

/** Keys of the lines that say that an incident burns again begin with this; pages and tickets are counted apart. */
export function reopenedKey(level: Incident['level']): string {
  return level === 'page' ? 'reopened/' : 'reopened-ticket/';
}

/** The fields of an incident that its leading SLO decides. */
function led({ slo, title, startedAt }: AlertVerdict, services: readonly Service[]) {
  const runbook = slo.runbook ?? services.find((service) => service.id === slo.service)?.runbook ?? null;
  return { title: title ?? slo.title, service: slo.service, slo: slo.id, startedAt, runbook };
}

/** The incident with this SLO at its head; the service that led so far becomes one of those it drags along. */
function lead(incident: Incident, verdict: AlertVerdict, services: readonly Service[]): Incident {
  const head = led(verdict, services);
  const onsets = [incident.startedAt, head.startedAt].filter((onset) => onset !== null);
  const others = new Set([...incident.children, ...(incident.service === null ? [] : [incident.service])]);
  others.delete(head.service);
  return {
    ...incident,
    ...head,
    startedAt: onsets.length > 0 ? Math.min(...onsets) : null,
    runbook: head.runbook ?? incident.runbook,
    children: [...others],
  };
}

/** A ticket as the page that it becomes: what burns now leads it, from when it began. */
function risen(incident: Incident, verdict: AlertVerdict, services: readonly Service[]): Incident {
  const next = { ...lead(incident, verdict, services), level: 'page' as const };
  return { ...next, startedAt: verdict.startedAt ?? next.startedAt };
}

function follow(incident: Incident, service: string): Incident {
  if (incident.service === service || incident.children.includes(service)) return incident;
  return { ...incident, children: [...incident.children, service] };
}

function joinText(was: Incident, is: Incident, service: string, via: string, services: readonly Service[]): string {
  const title = (id: string | null) => services.find((candidate) => candidate.id === id)?.title ?? id ?? 'no service';
  if (is.service === service && was.service !== service) {
    return `${title(service)} burns too, and ${title(was.service)} depends on it: it leads this incident now.`;
  }
  if (via === is.service) return `${title(service)} burns too; it depends on ${title(is.service)}.`;
  return `${title(service)} burns too; both depend on ${title(via)}.`;
}
