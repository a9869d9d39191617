import type { FlagDeclaration } from '#app/domain/flag/flag.ts';
import type { faultySystems } from '#app/domain/rehearsal/faults.ts';
import type { CloudRunTarget } from '#app/domain/service/service.ts';
import type { Clock } from '#app/platform/clock.ts';

/** The simulator's data time: the same piecewise clock as the console's. Nothing in the world reads another one. */
export type SimClock = Clock;

/** An outside system that can be made to fail. `unleash` fails behind the relay that the console is pointed at, never at the server itself. */
export type SystemName = (typeof faultySystems)[number];

/** Ways to fail: quota, server error (gRPC UNAVAILABLE), no answer at all, an answer that is no message, a dropped connection. */
export const faultKinds = ['none', '429', '500', 'stall', 'garbage', 'reset'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Which faults are on. `check` draws by share and is asked once per request. */
export interface Faults {
  check(system: SystemName): FaultKind;
  set(system: SystemName, kind: FaultKind, share?: number): void;
  all(): Record<SystemName, { kind: FaultKind; share: number }>;
}

/** A service that really runs in the world: one with a Cloud Run target in the catalog. `id` is its catalog id, which all seams use as key. */
export interface LiveService {
  id: string;
  title: string;
  owner: string;
  target: CloudRunTarget;
  pagerDutyService: string | null;
  dependsOn: string[];
  /** The queues among them. */
  queues: string[];
  flags: FlagDeclaration[];
}

/** A revision as the world needs it; the Cloud Run part dresses it up (digest, env, conditions). */
export interface WorldRevision {
  /** As Cloud Run names them: `voiceover-00042-kib`. */
  name: string;
  createdAt: number;
  /** Who deployed, and what: shown as labels and annotations of the revision. */
  author: string;
  commit: string;
  message: string;
  /** `safe` and `unsafe` become the label `rollback`; null leaves it unlabelled (unknown). */
  rollback: 'safe' | 'unsafe' | null;
}

/** Share of a service's requests that a revision gets; shares sum to 1. */
export interface TrafficShare {
  revision: string;
  share: number;
}

/** Traffic in force. Before Cloud Run state exists, the newest revision of `initialRevisions` gets everything. */
export interface TrafficSource {
  trafficOf(service: string): TrafficShare[];
  /** Hears of every change of traffic in force; returns the way to stop listening. */
  onChange(listener: (service: string) => void): () => void;
}

/** What the world does to Cloud Run as a person with `gcloud` would: the new revision takes 100 % (unless traffic is pinned by name). */
export interface CloudRunControl extends TrafficSource {
  deploy(service: string, revision: WorldRevision): void;
  /** Undoes a pin: all traffic follows the latest revision again. */
  toLatest?(service: string): void;
  /** True while traffic is meant for a revision by name. */
  pinned?(service: string): boolean;
}

/** Something that happened in the world and that other parts may tell in their own words (PagerDuty change events, Cloud Run labels). */
export type WorldEvent =
  | { kind: 'deploy'; at: number; service: string; revision: WorldRevision }
  | { kind: 'flag'; at: number; service: string; flag: string; by: string; summary: string }
  | { kind: 'drill'; at: number; drill: string };

/** What the parts of the simulator share. Made once in `main.ts`. */
export interface SimContext {
  clock: SimClock;
  seed: string;
  /** Data time of the world's first start: before it history is a pure function, from it on the world is lived. */
  worldStart: number;
  /** Folder for what must survive a restart. */
  dataFolder: string;
  services: LiveService[];
  faults: Faults;
  onEvent(listener: (event: WorldEvent) => void): () => void;
}
