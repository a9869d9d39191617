import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { initialRevisions } from '../../world/revisions.ts';
import type { SimContext, WorldRevision } from '../../world/seams.ts';
import { revisionNumber } from './revision-dress.ts';
import type { Target } from './traffic-rules.ts';

/** What Cloud Run keeps of one service. Times are data ms. */
export interface ServiceState {
  generation: number;
  observedGeneration: number;
  /** Moves with every change of intent or status; the etag is made of it. */
  version: number;
  /** Oldest first. */
  revisions: (WorldRevision & { ready: boolean })[];
  latestReady: string;
  /** Number of the newest revision at the world's start. */
  newestAtStart: number;
  /** Intent. */
  traffic: Target[];
  /** In force, revisions resolved. */
  inForce: { target: Target; revision: string }[];
  /** The change on its way; null when nothing is. */
  rollout: { operation: string; until: number } | null;
  /** Why the last change failed; null when it did not. */
  failure: string | null;
  createdAt: number;
  updatedAt: number;
}

/** A long-running operation on a service. */
export interface OperationState {
  service: string;
  done: boolean;
  /** gRPC code and text when it failed. */
  error: { code: number; message: string } | null;
}

/** Everything that must survive a restart, by catalog id and operation name. */
export interface RunState {
  services: Record<string, ServiceState>;
  operations: Record<string, OperationState>;
}

/** Reads the state of a folder, or begins with the world's first revisions, the newest taking everything by LATEST. */
export function openRunState(context: Pick<SimContext, 'dataFolder' | 'seed' | 'worldStart' | 'services'>) {
  mkdirSync(context.dataFolder, { recursive: true });
  const file = join(context.dataFolder, 'cloud-run.json');
  const state: RunState = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as RunState)
    : { services: {}, operations: {} };
  for (const service of context.services) {
    state.services[service.id] ??= firstState(context.seed, service.target.service, context.worldStart);
  }
  return {
    state,
    save() {
      writeFileSync(`${file}.new`, JSON.stringify(state, null, 1));
      renameSync(`${file}.new`, file);
    },
  };
}

function firstState(seed: string, service: string, worldStart: number): ServiceState {
  const revisions = initialRevisions(seed, service, worldStart).map((revision) => ({ ...revision, ready: true }));
  const newest = revisions.at(-1)!;
  const target = { revision: null, percent: 100, tag: null };
  return {
    generation: revisions.length,
    observedGeneration: revisions.length,
    version: 1,
    revisions,
    latestReady: newest.name,
    newestAtStart: revisionNumber(newest.name),
    traffic: [target],
    inForce: [{ target, revision: newest.name }],
    rollout: null,
    failure: null,
    createdAt: revisions[0]!.createdAt,
    updatedAt: newest.createdAt,
  };
}
