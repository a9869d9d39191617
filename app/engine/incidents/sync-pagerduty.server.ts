import type { PagerDutyRead } from '../../clients/pagerduty/port.ts';
import type { Incident, PagerDutyIncident } from '../../domain/incident/incident.ts';
import type { ObservationStore } from '../../stores/stores.ts';
import { applyPagerDuty } from './apply-pagerduty.server.ts';
import type { IncidentDeps } from './deps.ts';

/** What reading PagerDuty needs beside the rest. */
export interface SyncDeps extends IncidentDeps {
  pagerDuty: PagerDutyRead;
  observations: Pick<ObservationStore, 'get' | 'saw' | 'failed'>;
}

/**
 * Reads one PagerDuty incident with its log and takes it in. `known` saves the first read when a list just brought it,
 * with the moment that list was asked for. Throws what the client throws; `not_found` when PagerDuty knows no such incident.
 */
export async function syncPagerDuty(
  deps: SyncDeps,
  id: string,
  known?: { incident: PagerDutyIncident; readAt: number },
): Promise<Incident> {
  const readAt = known?.readAt ?? deps.clock.now();
  const incident = known?.incident ?? (await deps.pagerDuty.incident(id));
  const log = await deps.pagerDuty.log?.(id).catch((error: unknown) => {
    deps.log.warn({ err: error, pagerDutyIncident: id }, 'the log of a PagerDuty incident could not be read');
    return null;
  });
  return deps.db.transaction().execute((tx) => applyPagerDuty(deps, tx, { incident, log: log ?? null, readAt }));
}

/** A failure's own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
