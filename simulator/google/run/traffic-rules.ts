import grpc from '@grpc/grpc-js';
import { StatusError } from '../service.ts';

/** One entry of traffic; `revision` null is LATEST. */
export interface Target {
  revision: string | null;
  percent: number;
  tag: string | null;
}

interface WireTarget {
  type?: string;
  revision?: string;
  percent?: number;
  tag?: string;
}

const latest = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
const byName = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

/** Reads and checks the traffic of an update as Cloud Run does: known revisions, whole percents, a sum of 100, one target a tag. */
export function readTraffic(wire: WireTarget[], revisions: ReadonlySet<string>, service: string): Target[] {
  const targets = wire.map((one, index): Target => {
    const invalid = (text: string) =>
      new StatusError(grpc.status.INVALID_ARGUMENT, `service.traffic[${index}]: ${text}`);
    const percent = one.percent ?? 0;
    if (!Number.isInteger(percent) || percent < 0 || percent > 100) throw invalid('percent must be from 0 to 100.');
    const tag = one.tag || null;
    if (one.type === latest) {
      if (one.revision) throw invalid('revision must be empty when the type is LATEST.');
      return { revision: null, percent, tag };
    }
    if (!one.revision) throw invalid('revision is required.');
    const name = one.revision.split('/').at(-1)!;
    if (!revisions.has(name)) {
      throw new StatusError(grpc.status.NOT_FOUND, `Revision '${name}' of service '${service}' does not exist.`);
    }
    return { revision: name, percent, tag };
  });
  const sum = targets.reduce((total, { percent }) => total + percent, 0);
  if (sum !== 100) {
    throw new StatusError(
      grpc.status.INVALID_ARGUMENT,
      `service.traffic: percents must sum to 100, they sum to ${sum}.`,
    );
  }
  const tags = targets.flatMap(({ tag }) => (tag ? [tag] : []));
  if (new Set(tags).size !== tags.length) {
    throw new StatusError(grpc.status.INVALID_ARGUMENT, 'service.traffic: a tag may name one target only.');
  }
  return targets;
}

/** An entry as the API sends it. Of a status, `resolved` names the revision that LATEST stands for. */
export function writeTarget(target: Target, resolved: string | null = target.revision): object {
  return {
    type: target.revision === null ? latest : byName,
    revision: resolved ?? '',
    percent: target.percent,
    tag: target.tag ?? '',
  };
}
