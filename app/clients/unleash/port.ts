import type { FlagState, FlagStrategy, FlagUsage } from '../../domain/flag/flag.ts';
import type { DefinitionWrite } from '../../domain/flag/reconcile.ts';
import type { FlagHour, SdkFleet } from '../../domain/flag/usage.ts';

/** One event of Unleash's audit, timestamps by Unleash's own (wall) clock. Ids ascend, with gaps. */
export interface UnleashEvent {
  id: number;
  type: string;
  createdAt: number;
  createdBy: string;
  flag: string | null;
  environment: string | null;
  data: unknown;
  preData: unknown;
}

/** What SDKs are served: raw features and segments, and the revision that grows with every change. */
export interface ServedDocument {
  revision: number;
  features: unknown[];
  segments: unknown[];
}

/** Reads of the Admin API and of what SDKs are served. */
export interface UnleashRead {
  flags(signal?: AbortSignal): Promise<FlagState[]>;
  flag(name: string, signal?: AbortSignal): Promise<FlagState>;
  /** Archived flags by name, type and description alone. Unleash answers this only a few times a minute. */
  archived(signal?: AbortSignal): Promise<FlagState[]>;
  /** Events after id `since`, oldest first. */
  events(since: number, signal?: AbortSignal): Promise<UnleashEvent[]>;
  /** Per application: instances seen in the last 10 minutes, poll interval, yes/no of the running hour. */
  usage(flag: string, environment: string, signal?: AbortSignal): Promise<FlagUsage[]>;
  /** Evaluations by application, environment and clock hour of the last 48 h, on Unleash's clock. */
  hours(flag: string, signal?: AbortSignal): Promise<FlagHour[]>;
  /** The instances of an application, with their SDKs and how often they ask; times on Unleash's clock. Addresses are left out. */
  fleet(application: string, environment: string, signal?: AbortSignal): Promise<SdkFleet>;
  /** What `/api/client/features` serves in an environment right now. */
  served(environment: string, signal?: AbortSignal): Promise<ServedDocument>;
}

/** Writes; never retried here. Each reads back nothing: `observe` does. */
export interface UnleashWrite {
  setEnabled(flag: string, environment: string, enabled: boolean, signal?: AbortSignal): Promise<void>;
  addStrategy(
    flag: string,
    environment: string,
    strategy: Omit<FlagStrategy, 'id'>,
    signal?: AbortSignal,
  ): Promise<FlagStrategy>;
  updateStrategy(flag: string, environment: string, strategy: FlagStrategy, signal?: AbortSignal): Promise<void>;
  removeStrategy(flag: string, environment: string, id: string, signal?: AbortSignal): Promise<void>;
}

/** Writes what a flag is, never who gets it. Each is one attempt; a definition is read once more right before it is set. */
export interface UnleashDefinitions {
  send(write: DefinitionWrite, signal?: AbortSignal): Promise<void>;
}

/** An SDK inside Firebreak that evaluates flags as services do: the "witnessed" layer. */
export interface UnleashWitness {
  /** False, true, or null while the SDK has no state or does not know the flag. */
  evaluate(flag: string, environment: string): boolean | null;
  /** Revision the SDK last saw, and when. */
  seenAt(environment: string): number | null;
  start(): Promise<void>;
  stop(): Promise<void>;
}
