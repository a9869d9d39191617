import type { CloudRunTarget } from '../../domain/service/service.ts';

/** One entry of a service's traffic. `revision` null means LATEST. */
export interface TrafficTarget {
  revision: string | null;
  percent: number;
  tag: string | null;
}

/** A Cloud Run service as last read. Generations are strings, as in the API. */
export interface CloudRunService {
  name: string;
  etag: string;
  generation: string;
  observedGeneration: string;
  reconciling: boolean;
  ready: boolean;
  /** Intent. */
  traffic: TrafficTarget[];
  /** What is in force; `revision` resolved. */
  trafficStatuses: TrafficTarget[];
  latestReadyRevision: string | null;
  latestCreatedRevision: string | null;
}

export interface CloudRunRevision {
  name: string;
  createdAt: number;
  ready: boolean;
  /** Retired revisions cannot take traffic. */
  retired: boolean;
  /** Image digest. */
  image: string;
  /** `fingerprint`: a keyed digest of a plain value, enough to see that it changed; values themselves are never kept. */
  env: { name: string; fingerprint: string | null; secret: string | null }[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** A long-running operation: `error` set when it failed. */
export interface CloudRunOperation {
  name: string;
  done: boolean;
  error: string | null;
}

export interface CloudRunRead {
  service(target: CloudRunTarget, signal?: AbortSignal): Promise<CloudRunService>;
  revisions(target: CloudRunTarget, signal?: AbortSignal): Promise<CloudRunRevision[]>;
  operation(name: string, signal?: AbortSignal): Promise<CloudRunOperation>;
}

export interface CloudRunWrite {
  /** Replaces the traffic whole (`updateMask=traffic`). Throws AppError `plan_stale` on an etag conflict. `validateOnly` is the server's dry run. */
  setTraffic(
    target: CloudRunTarget,
    traffic: TrafficTarget[],
    options: { etag: string; validateOnly: boolean; signal?: AbortSignal },
  ): Promise<CloudRunOperation>;
}
