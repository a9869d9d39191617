import type { Alert } from '../../domain/alert/alert.ts';
import { type Transition, tierWords, transition } from '../../domain/alert/transition.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { reopenWithin } from '../../domain/incident/place.ts';
import { pages } from '../../domain/incident/status.ts';
import { dependenciesOf } from '../../domain/service/dependencies.ts';
import type { Service } from '../../domain/service/service.ts';
import type { Tx } from '../../platform/db.server.ts';
import { insertAlert, latestAlerts, updateAlert } from '../../stores/incident/alerts.server.ts';
import { lockIncidents, readIncident } from '../../stores/incident/incident-writes.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import type { IncidentDeps } from './deps.ts';
import { onsetKey, pageIncident } from './page.server.ts';
import { pagedSlos } from './paged-slos.ts';
import { findIncident } from './place-alert.server.ts';
import { settleIncident } from './settle.server.ts';
import type { AlertVerdict } from './verdict.ts';

/** What happened to an incident in one application of verdicts. */
export interface IncidentChange {
  incident: Incident;
  change: 'opened' | 'reopened' | 'rose' | 'joined' | 'resolved';
}

/**
 * Applies one cycle's verdicts: opens, escalates, eases and clears alerts, opens, joins, re-opens and resolves
 * incidents, and puts the pages into the outbox, all in the caller's transaction (read committed). Applying the same
 * verdicts again, here or on another replica, changes nothing. Returns the incidents that changed.
 */
export async function applyAlertTransitions(
  deps: IncidentDeps,
  tx: Tx,
  verdicts: readonly AlertVerdict[],
): Promise<IncidentChange[]> {
  if (verdicts.length === 0) return [];
  const catalog = await deps.catalog();
  const services = catalog?.services ?? [];
  await lockIncidents(tx);
  const latest = await latestAlerts(
    tx,
    verdicts.map((verdict) => verdict.slo.id),
  );

  const touched = new Set<string>();
  const changes = new Map<string, IncidentChange['change']>();
  for (const verdict of causesFirst(verdicts, services)) {
    const was = latest.get(verdict.slo.id) ?? null;
    const step = transition(was, verdict);
    const alert = await take(tx, step, verdict, was);
    if (!alert) continue;
    // A ticket that becomes a page is placed anew: its old incident may be over, or may have had no SLO to lead it.
    const becamePage = step.kind === 'escalate' && !pages(was?.tier ?? null) && pages(alert.tier);
    if (alert.clearedAt === null && (!alert.incidentId || becamePage || (await isLeftOver(tx, alert, verdict.at)))) {
      const found = await findIncident(tx, alert, verdict, services, deps.clock.now());
      // The ticket that it leaves for a page may have nothing else.
      if (alert.incidentId && becamePage) touched.add(alert.incidentId);
      alert.incidentId = found?.id ?? null;
      if (found && !changes.has(found.id)) changes.set(found.id, found.change);
    }
    if (step.kind !== 'none' || alert.incidentId !== (was?.incidentId ?? null)) await updateAlert(tx, alert);
    if (!alert.incidentId) continue;
    await recordTimeline(tx, alert.incidentId, lines(step, alert, verdict));
    touched.add(alert.incidentId);
  }

  const slos = pagedSlos(catalog, verdicts);
  const at = Math.max(...verdicts.map((verdict) => verdict.at));
  const result: IncidentChange[] = [];
  for (const id of touched) {
    const { before, after } = await settleIncident(tx, id, at);
    await pageIncident(deps, tx, after, verdicts, slos);
    const reopened = before.status === 'resolved' && after.status === 'open';
    const ended = before.status === 'open' && after.status === 'resolved';
    const change = ended ? 'resolved' : (changes.get(id) ?? (reopened ? 'reopened' : null));
    if (change) result.push({ incident: after, change });
  }
  if (touched.size > 0) await deps.notify('incidents', tx);
  return result;
}

/** True for a ticket whose page is over for so long that what burns on is no remainder of it: it gets a ticket of its own. */
async function isLeftOver(tx: Tx, alert: Alert, at: number): Promise<boolean> {
  if (alert.incidentId === null || pages(alert.tier)) return false;
  const incident = await readIncident(tx, alert.incidentId);
  return incident?.status === 'resolved' && at - (incident.resolvedAt ?? at) > reopenWithin;
}

/** Writes the step and returns the alert as it is now; null when the SLO has no open alert. */
async function take(tx: Tx, step: Transition, verdict: AlertVerdict, latest: Alert | null): Promise<Alert | null> {
  switch (step.kind) {
    case 'none':
      return latest?.clearedAt === null ? { ...latest } : null;
    case 'open':
      return insertAlert(tx, {
        slo: verdict.slo.id,
        service: verdict.slo.service,
        tier: step.tier,
        peakTier: step.tier,
        openedAt: verdict.at,
        incidentId: null,
      });
    default:
      return step.alert;
  }
}

/** Services that others depend on come first, so that the cause leads the incident that its victims join. */
function causesFirst(verdicts: readonly AlertVerdict[], services: readonly Service[]): AlertVerdict[] {
  const depth = (verdict: AlertVerdict) => dependenciesOf(services, verdict.slo.service).size;
  return [...verdicts].sort((a, b) => depth(a) - depth(b));
}

function lines(step: Transition, alert: Alert, { slo, at, startedAt, vanished }: AlertVerdict) {
  const line = (key: string, text: string, when = at) => ({ key: `alert/${alert.id}/${key}`, at: when, text });
  const tier = tierWords[alert.tier];
  switch (step.kind) {
    case 'none':
      return [];
    case 'open': {
      const what = vanished ? `${slo.title}: traffic vanished` : `${slo.title} burns at the ${tier} tier`;
      const opened = { ...line('open', what), kind: 'alert' as const };
      if (startedAt === null || !pages(alert.tier)) return [opened];
      const first = vanished ? 'first minute without its traffic' : 'first minute over budget pace';
      return [
        { ...line('onset', `${slo.title}: ${first}`, startedAt), key: onsetKey(alert), kind: 'onset' as const },
        opened,
      ];
    }
    case 'escalate':
      return [{ ...line(`${alert.tier}/${at}`, `${slo.title} rose to the ${tier} tier`), kind: 'alert' as const }];
    case 'ease':
      return [{ ...line(`${alert.tier}/${at}`, `${slo.title} eased to the ${tier} tier`), kind: 'alert' as const }];
    case 'clear':
      return [{ ...line('clear', `${slo.title} no longer burns over any threshold`), kind: 'alert' as const }];
  }
}
