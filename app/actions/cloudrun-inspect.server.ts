import type { CloudRunRead } from '../clients/cloud-run/port.ts';
import { shellWord } from '../domain/run/commands/shell-word.ts';
import { inForce, pinned, trafficText } from '../domain/service/traffic.ts';
import type { ObservationStore } from '../stores/stores.ts';
import type { Action } from './action.ts';
import { readAction } from './read-parts.ts';
import { mainRevision, readTraffic, requireService } from './traffic-read.server.ts';

/** `cloudrun.inspect`: where a service's traffic is. Outputs `revision` (the one with the most), its `percent`, and `pinned`. */
export function cloudRunInspect(deps: { read: CloudRunRead; observations: ObservationStore }): Action {
  return readAction('cloudrun.inspect', {
    title: (context) => `Read the traffic of ${requireService(context).id}`,
    command: (context) => {
      const { project, region, service } = requireService(context).cloudRun;
      return `gcloud run services describe ${shellWord(service)} --project ${shellWord(project)} --region ${shellWord(region)} --format 'yaml(status.traffic)'`;
    },
    async read(context) {
      const { service, fresh, precondition } = await readTraffic(deps, context, requireService(context));
      const shares = inForce(service);
      const revision = mainRevision(service);
      const isPinned = pinned(service) ? 'yes' : 'no';
      const evidence = { traffic: trafficText(shares), pinned: isPinned, ...(fresh ? {} : { age: precondition.text }) };
      return { evidence, outputs: { revision, percent: revision ? shares[revision] : null, pinned: isPinned } };
    },
  });
}
