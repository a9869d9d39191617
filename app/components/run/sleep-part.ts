import type { Alert } from '../../domain/alert/alert.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { aftermath } from '../../domain/run/aftermath.ts';
import type { Run } from '../../domain/run/run.ts';
import type { SleepFacts } from '../incident/sleep-line.tsx';
import { sloView } from '../slo-view.ts';

/** What stands at the end of a run for its incident; null while the run goes on, and for a run without an incident. */
export async function sleepPart(
  stores: {
    incidents: { alerts(id: string): Promise<Alert[]> };
    slos: { state(id: string): Promise<Parameters<typeof sloView>[2]> };
  },
  run: Run,
  incident: Incident | null,
  catalog: Catalog | null,
): Promise<SleepFacts | null> {
  if (!incident || aftermath(run) === null) return null;
  const [alerts, state] = await Promise.all([
    stores.incidents.alerts(incident.id),
    incident.slo ? stores.slos.state(incident.slo) : null,
  ]);
  const named = new Set(alerts.map(({ slo }) => slo));
  return {
    incident: { status: incident.status, slo: incident.slo, level: incident.level },
    alerts,
    runs: [run],
    main: incident.slo && catalog ? sloView(catalog, incident.slo, state) : null,
    others: (catalog?.slos ?? []).filter(({ id }) => named.has(id)).map(({ id, title }) => ({ slo: { id, title } })),
  };
}
