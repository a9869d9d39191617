import type { protos } from '@google-cloud/run';
import type { CloudRunOperation, CloudRunRevision, CloudRunService, TrafficTarget } from './port.ts';

type WireService = protos.google.cloud.run.v2.IService;
type WireRevision = protos.google.cloud.run.v2.IRevision;
type WireTarget = protos.google.cloud.run.v2.ITrafficTarget;
type WireCondition = protos.google.cloud.run.v2.ICondition;

const latest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const byName = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

/** A service in our words. `ready` is its terminal condition. */
export function toService(wire: WireService): CloudRunService {
  return {
    name: wire.name ?? '',
    etag: wire.etag ?? '',
    generation: String(wire.generation ?? ''),
    observedGeneration: String(wire.observedGeneration ?? ''),
    reconciling: wire.reconciling === true,
    ready: succeeded(wire.terminalCondition),
    traffic: (wire.traffic ?? []).map(toTarget),
    // A status names the revision that LATEST stands for right now.
    trafficStatuses: (wire.trafficStatuses ?? []).map((status) => ({
      ...toTarget(status),
      revision: lastPart(status.revision),
    })),
    latestReadyRevision: lastPart(wire.latestReadyRevision),
    latestCreatedRevision: lastPart(wire.latestCreatedRevision),
  };
}

/**
 * A revision in our words. Cloud Run calls every revision without traffic "retired" in its Active condition, and routes to
 * it again when told; only one that is being deleted, or whose Ready condition says retired, cannot take traffic.
 * People put secrets into plain variables: of a value only its `fingerprint` goes further.
 */
export function toRevision(wire: WireRevision, fingerprint: (value: string) => string): CloudRunRevision {
  const ready = (wire.conditions ?? []).find((condition) => condition.type === 'Ready');
  const container = wire.containers?.[0];
  return {
    name: lastPart(wire.name) ?? '',
    createdAt: Number(wire.createTime?.seconds ?? 0) * 1000 + (wire.createTime?.nanos ?? 0) / 1e6,
    ready: succeeded(ready),
    retired: Boolean(wire.deleteTime?.seconds) || ['RETIRED', 'RETIRING'].includes(String(ready?.revisionReason ?? '')),
    image: container?.image ?? '',
    env: (container?.env ?? []).map((entry) => {
      const secret = entry.valueSource?.secretKeyRef;
      return {
        name: entry.name ?? '',
        fingerprint: secret ? null : fingerprint(entry.value ?? ''),
        secret: secret ? `${secret.secret}:${secret.version || 'latest'}` : null,
      };
    }),
    labels: wire.labels ?? {},
    annotations: wire.annotations ?? {},
  };
}

/** An operation in our words. */
export function toOperation(wire: protos.google.longrunning.IOperation): CloudRunOperation {
  const error = wire.error?.code ? (wire.error.message ?? `code ${wire.error.code}`) : null;
  return { name: wire.name ?? '', done: wire.done === true, error };
}

/** A traffic entry as the API takes it. */
export function fromTarget(target: TrafficTarget): WireTarget {
  return {
    type: target.revision === null ? latest : byName,
    ...(target.revision === null ? {} : { revision: target.revision }),
    percent: target.percent,
    ...(target.tag === null ? {} : { tag: target.tag }),
  };
}

function toTarget(wire: WireTarget): TrafficTarget {
  return {
    revision: wire.type === latest ? null : lastPart(wire.revision),
    percent: wire.percent ?? 0,
    tag: wire.tag || null,
  };
}

function succeeded(condition: WireCondition | null | undefined): boolean {
  return condition?.state === 'CONDITION_SUCCEEDED';
}

/** Revisions come as short or as full resource names. */
function lastPart(name: string | null | undefined): string | null {
  return name ? (name.split('/').at(-1) ?? null) : null;
}
