import type { IncidentStore } from '../stores/stores.ts';
import type { Task } from './loop.server.ts';
import type { RunEngine } from './runs/port.ts';

/** Every open incident that pages has its runbook's run prepared, so that the page shows diff and hash without anybody asking. */
export function prepareRunsTask(deps: { incidents: IncidentStore; runs: Pick<RunEngine, 'prepareForIncident'> }): Task {
  return {
    name: 'prepare-runs',
    everyMs: 10_000,
    async run() {
      const open = await deps.incidents.open();
      for (const incident of open) if (incident.level === 'page') await deps.runs.prepareForIncident(incident);
    },
  };
}
