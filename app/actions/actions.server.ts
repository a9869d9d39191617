import type { LoggingRead } from '../clients/cloud-logging/port.ts';
import type { MonitoringRead } from '../clients/cloud-monitoring/port.ts';
import type { CloudRunRead, CloudRunWrite } from '../clients/cloud-run/port.ts';
import type { EndpointsRead, EndpointsWrite } from '../clients/endpoint/port.ts';
import type { GitHubRead, GitHubWrite } from '../clients/github/port.ts';
import type { PagerDutyRead, PagerDutyWrite } from '../clients/pagerduty/port.ts';
import type { UnleashDefinitions, UnleashRead, UnleashWitness, UnleashWrite } from '../clients/unleash/port.ts';
import type { Clock } from '../platform/clock.ts';
import type { Stores } from '../stores/stores.ts';
import type { Actions } from './action.ts';
import { cloudRunInspect } from './cloudrun-inspect.server.ts';
import { cloudRunPutBack } from './cloudrun-put-back.server.ts';
import { cloudRunTraffic } from './cloudrun-traffic.server.ts';
import { flagDefine } from './flag-define.server.ts';
import { flagExpose } from './flag-expose.server.ts';
import { flagInspect } from './flag-inspect.server.ts';
import { flagKill } from './flag-kill.server.ts';
import { flagPutBack } from './flag-put-back.server.ts';
import { flagRestore } from './flag-restore.server.ts';
import { githubDispatch } from './github-dispatch.server.ts';
import { httpProbe } from './http-probe.server.ts';
import { httpRequest } from './http-request.server.ts';
import { logsQuery } from './logs-query.server.ts';
import { manual } from './manual.ts';
import { metricsQuery } from './metrics-query.server.ts';
import { notify } from './notify.server.ts';
import { pagerDutyAcknowledge } from './pagerduty-acknowledge.server.ts';
import { pagerDutyEscalate } from './pagerduty-escalate.server.ts';
import { pagerDutyNote } from './pagerduty-note.server.ts';
import { pagerDutyResolve } from './pagerduty-resolve.server.ts';
import { sloCheck } from './slo-check.server.ts';
import { snooze } from './snooze.server.ts';
import { wait } from './wait.server.ts';

/** The outside systems that actions read and write. */
export interface ActionsOutside {
  unleash: { read: UnleashRead; write: UnleashWrite; definitions: UnleashDefinitions; witness: UnleashWitness };
  cloudRun: { read: CloudRunRead; write: CloudRunWrite };
  pagerDuty: { read: PagerDutyRead; write: PagerDutyWrite };
  monitoring: MonitoringRead;
  logging: LoggingRead;
  endpoints: { read: EndpointsRead; write: EndpointsWrite };
  github: { read: GitHubRead; write: GitHubWrite };
}

/** The closed catalogue. `from` is the PagerDuty user that writes are signed with when nobody confirmed them; only `act` changes anything. */
export function createActions(deps: {
  outside: ActionsOutside;
  stores: Stores;
  clock: Clock;
  from: string;
  mode: 'observe' | 'shadow' | 'act';
  /** The environment that this console stands in, as Unleash names it: always protected. */
  environment: string;
  /** Address of a page of ours, as people outside reach it. */
  link: (path: string) => string;
  /** Takes secrets out of what a step keeps. */
  redact: (text: string) => string;
}): Actions {
  const { outside, stores, clock, from, mode, environment: ownEnvironment, link, redact } = deps;
  const { observations, changes, slos, incidents, runs, followUps } = stores;
  const flags = { unleash: outside.unleash.read, write: outside.unleash.write, witness: outside.unleash.witness };
  const flagDeps = { ...flags, observations, changes, clock };
  const all = [
    flagKill({ ...flagDeps, ownEnvironment }),
    flagRestore({ ...flagDeps, runs, followUps, slos }),
    flagExpose({ ...flagDeps, slos, incidents, ownEnvironment }),
    flagDefine({ unleash: outside.unleash.read, definitions: outside.unleash.definitions, ownEnvironment }),
    flagPutBack({ ...flagDeps, runs }),
    cloudRunPutBack({ ...outside.cloudRun, observations, runs }),
    cloudRunTraffic({
      ...outside.cloudRun,
      monitoring: outside.monitoring,
      observations,
      changes,
      acts: mode === 'act',
    }),
    sloCheck(slos),
    logsQuery({ logging: outside.logging, redact }),
    metricsQuery(outside.monitoring),
    flagInspect({ unleash: outside.unleash.read, observations }),
    cloudRunInspect({ read: outside.cloudRun.read, observations }),
    manual(),
    wait(slos),
    githubDispatch(outside.github),
    notify({ write: outside.endpoints.write, link }),
    httpProbe({ read: outside.endpoints.read, redact }),
    httpRequest(outside.endpoints.write),
    pagerDutyNote({ write: outside.pagerDuty.write, incidents, runs, from }),
    pagerDutyAcknowledge({ ...outside.pagerDuty, incidents, from }),
    pagerDutyEscalate({ ...outside.pagerDuty, incidents, from }),
    pagerDutyResolve({ ...outside.pagerDuty, incidents, slos, from }),
    snooze({ ...outside.pagerDuty, incidents, slos, from }),
  ];
  return new Map(all.map((action) => [action.uses, action]));
}
