import type { Incident } from '../incident/incident.ts';
import type { Service } from '../service/service.ts';

/** What expressions may read of an incident. */
export function incidentValues({ id, title, service, slo, tier }: Incident): Record<string, unknown> {
  return { id, title, service, slo, tier };
}

/** What expressions may read of a service. */
export function serviceValues({ id, title, owner, cloudRun }: Service): Record<string, unknown> {
  return { id, title, owner, project: cloudRun?.project ?? null, region: cloudRun?.region ?? null };
}
