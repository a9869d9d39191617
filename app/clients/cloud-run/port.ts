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

/** What the poll stores of a service as the observation `cloud-run/service/<id>`. */
export interface ObservedService {
  service: CloudRunService;
  revisions: CloudRunRevision[];
  /** Since when traffic goes to a revision by name instead of LATEST; null when it follows LATEST. */
  pinnedSince: number | null;
  /** True when it was pinned already at the look that found it: since then at least. Missing in older readings. */
  pinnedAtLeast?: boolean;
  /** When each revision was last seen with all the traffic, from our own observations: Cloud Run keeps no history. */
  carriedAll: Record<string, number>;
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
