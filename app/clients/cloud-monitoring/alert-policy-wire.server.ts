import { createRequire } from 'node:module';
import type { protos } from '@google-cloud/monitoring';
import { protobuf, serializer } from 'google-gax';
import type { LivePolicy } from '../../domain/alert-policy/live-policy.ts';
import type { AlertPolicyJson } from '../../domain/slo-export/cloud-monitoring-types.ts';

type WirePolicy = protos.google.monitoring.v3.IAlertPolicy;
type Json = Parameters<typeof serializer.fromProto3JSON>[1];

let root: protobuf.Root | null = null;

/** A message type, by which the JSON that people know becomes the message that is sent, and back. */
function typeOf(name: 'AlertPolicy' | 'ServiceLevelObjective'): protobuf.Type {
  const require = createRequire(import.meta.url);
  root ??= protobuf.Root.fromJSON(require('@google-cloud/monitoring/build/protos/protos.json'));
  return root.lookupType(`google.monitoring.v3.${name}`);
}

/** A policy as the client sends it. Throws when the JSON is no AlertPolicy. */
export function toWire(policy: AlertPolicyJson & { name?: string }): WirePolicy {
  const message = serializer.fromProto3JSON(typeOf('AlertPolicy'), policy as unknown as Json);
  if (!message) throw new Error('The policy is empty.');
  return typeOf('AlertPolicy').toObject(message, { longs: Number, enums: String }) as WirePolicy;
}

/** A policy as the client read it, in JSON and without what the server adds. */
export function fromWire(policy: WirePolicy): LivePolicy {
  const json = serializer.toProto3JSON(typeOf('AlertPolicy').fromObject(policy)) as Record<string, unknown>;
  const { name, creationRecord: _, mutationRecord, validity: __, conditions, ...body } = json;
  const record = mutationRecord as { mutateTime?: string; mutatedBy?: string } | undefined;
  return {
    name: String(name),
    body: { ...body, conditions: ((conditions ?? []) as { name?: string }[]).map(({ name: ___, ...rest }) => rest) },
    changedAt: record?.mutateTime ?? null,
    changedBy: record?.mutatedBy || null,
  };
}

/** An SLO as the client read it, in JSON. */
export function objectiveFromWire(
  objective: protos.google.monitoring.v3.IServiceLevelObjective,
): Record<string, unknown> {
  return serializer.toProto3JSON(typeOf('ServiceLevelObjective').fromObject(objective)) as Record<string, unknown>;
}
