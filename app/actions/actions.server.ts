import type { MonitoringRead } from '../clients/cloud-monitoring/port.ts';
import type { CloudRunRead, CloudRunWrite } from '../clients/cloud-run/port.ts';
import type { PagerDutyRead, PagerDutyWrite } from '../clients/pagerduty/port.ts';
import type { UnleashRead, UnleashWitness, UnleashWrite } from '../clients/unleash/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Stores } from '../stores/stores.ts';
import type { Actions } from './action.ts';
import { cloudRunTraffic } from './cloudrun-traffic.server.ts';
import { flagKill } from './flag-kill.server.ts';
import { flagRestore } from './flag-restore.server.ts';
import { manual } from './manual.ts';
import { pagerDutyAcknowledge } from './pagerduty-acknowledge.server.ts';
import { pagerDutyNote } from './pagerduty-note.server.ts';
import { sloCheck } from './slo-check.server.ts';

/** The outside systems that actions read and write. */
export interface ActionsOutside {
  unleash: { read: UnleashRead; write: UnleashWrite; witness: UnleashWitness };
  cloudRun: { read: CloudRunRead; write: CloudRunWrite };
  pagerDuty: { read: PagerDutyRead; write: PagerDutyWrite };
  monitoring: MonitoringRead;
}

/** The closed catalogue. `from` is the PagerDuty user that writes are signed with when nobody confirmed them; only `act` changes anything. */
export function createActions(deps: {
  outside: ActionsOutside;
  stores: Stores;
  clock: Clock;
  from: string;
  mode: 'observe' | 'shadow' | 'act';
}): Actions {
  const { outside, stores, clock, from, mode } = deps;
  const { observations, changes, slos, incidents, runs, followUps } = stores;
  const flags = { unleash: outside.unleash.read, write: outside.unleash.write, witness: outside.unleash.witness };
  const flagDeps = { ...flags, observations, changes, clock };
  const all = [
    flagKill(flagDeps),
    flagRestore({ ...flagDeps, runs, followUps, slos }),
    cloudRunTraffic({
      ...outside.cloudRun,
      monitoring: outside.monitoring,
      observations,
      changes,
      acts: mode === 'act',
    }),
    sloCheck(slos),
    manual(),
    pagerDutyNote({ write: outside.pagerDuty.write, incidents, from }),
    pagerDutyAcknowledge({ ...outside.pagerDuty, incidents, from }),
  ];
  return new Map(all.map((action) => [action.uses, action]));
}
