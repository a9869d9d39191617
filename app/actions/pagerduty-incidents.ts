import type { PagerDutyIncident } from '../domain/incident/incident.ts';
import type { IncidentStore } from '../stores/stores.ts';
import type { ActionContext } from './action.ts';

/** The unresolved PagerDuty incidents of the run's incident, as last read. */
export async function openPagerDuty(incidents: IncidentStore, context: ActionContext): Promise<PagerDutyIncident[]> {
  const { incidentId } = context.run;
  if (incidentId === null) return [];
  return (await incidents.pagerDuty(incidentId)).filter((one) => one.status !== 'resolved');
}

/** The PagerDuty incidents a note belongs on: those still open, else all of them, since a note may follow the end. */
export async function notablePagerDuty(incidents: IncidentStore, context: ActionContext): Promise<PagerDutyIncident[]> {
  const { incidentId } = context.run;
  if (incidentId === null) return [];
  const all = await incidents.pagerDuty(incidentId);
  const open = all.filter((one) => one.status !== 'resolved');
  return open.length > 0 ? open : all;
}

/** Why there is nothing to write to; null when there is. */
export function nothingToWrite(context: ActionContext, found: readonly PagerDutyIncident[]): string | null {
  if (context.run.incidentId === null) return 'This run belongs to no incident.';
  return found.length === 0 ? 'No PagerDuty incident that could take it belongs to this incident.' : null;
}
