import type { AuditStore, ObservationStore } from '../stores/stores.ts';
import type { Task } from './loop.server.ts';

/** The whole audit chain verified every 10 min of data time and kept as the observation `firebreak/audit`, so that a page need not read it. */
export function verifyAuditTask(deps: {
  audit: Pick<AuditStore, 'verify'>;
  observations: Pick<ObservationStore, 'saw'>;
  clock: { now(): number };
}): Task {
  return {
    name: 'verify-audit',
    everyMs: 600_000,
    async run() {
      // Lines written while it is read are not promised to be in it.
      const at = deps.clock.now();
      await deps.observations.saw('firebreak', 'audit', await deps.audit.verify(), at);
    },
  };
}
