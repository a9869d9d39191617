import { cloudRunName } from '#app/domain/service/service.ts';
import type { LiveService, WorldRevision } from '../../world/seams.ts';
import { dressRevision } from './revision-dress.ts';
import type { ServiceState } from './run-state.ts';
import { writeTarget } from './traffic-rules.ts';

const time = (ms: number) => ({ seconds: Math.floor(ms / 1000), nanos: Math.floor(ms % 1000) * 1e6 });
const revisionName = (service: LiveService, name: string) => `${cloudRunName(service.target)}/revisions/${name}`;

/** A service as `GetService` gives it. */
export function serviceMessage(seed: string, service: LiveService, state: ServiceState, etag: string): object {
  const newest = state.revisions.at(-1)!;
  return {
    name: cloudRunName(service.target),
    uid: service.id,
    generation: state.generation,
    observedGeneration: state.observedGeneration,
    labels: { team: service.owner },
    createTime: time(state.createdAt),
    updateTime: time(state.updatedAt),
    launchStage: 'GA',
    template: { containers: containers(seed, service, newest, state.newestAtStart) },
    traffic: state.traffic.map((target) => writeTarget(target)),
    trafficStatuses: state.inForce.map(({ target, revision }) => writeTarget(target, revision)),
    latestCreatedRevision: revisionName(service, newest.name),
    latestReadyRevision: revisionName(service, state.latestReady),
    reconciling: state.rollout !== null,
    terminalCondition: {
      type: 'Ready',
      state: state.rollout ? 'CONDITION_RECONCILING' : state.failure ? 'CONDITION_FAILED' : 'CONDITION_SUCCEEDED',
      message: state.failure ?? '',
      lastTransitionTime: time(state.updatedAt),
    },
    etag,
  };
}

/** A revision as `GetRevision` gives it. One without traffic is inactive ("retired") and can be routed to again. */
export function revisionMessage(
  seed: string,
  service: LiveService,
  state: ServiceState,
  revision: ServiceState['revisions'][number],
): object {
  const dress = dressRevision(seed, service, revision, state.newestAtStart);
  const active = state.inForce.some((one) => one.revision === revision.name && one.target.percent > 0);
  const ready = revision.ready ? 'CONDITION_SUCCEEDED' : 'CONDITION_FAILED';
  return {
    name: revisionName(service, revision.name),
    uid: revision.name,
    generation: 1,
    observedGeneration: 1,
    labels: dress.labels,
    annotations: dress.annotations,
    createTime: time(revision.createdAt),
    updateTime: time(revision.createdAt),
    service: cloudRunName(service.target),
    containers: containers(seed, service, revision, state.newestAtStart),
    conditions: [
      { type: 'Ready', state: ready, message: revision.ready ? '' : 'The container failed to start.' },
      active
        ? { type: 'Active', state: 'CONDITION_SUCCEEDED' }
        : {
            type: 'Active',
            state: 'CONDITION_FAILED',
            severity: 'INFO',
            revisionReason: 'RETIRED',
            message: 'Revision retired.',
          },
    ],
    creator: revision.author,
  };
}

function containers(seed: string, service: LiveService, revision: WorldRevision, newest: number): object[] {
  const { image, env } = dressRevision(seed, service, revision, newest);
  return [
    {
      image,
      env: env.map(({ name, value, secret }) =>
        secret
          ? { name, valueSource: { secretKeyRef: { secret: secret.name, version: secret.version } } }
          : { name, value },
      ),
    },
  ];
}
