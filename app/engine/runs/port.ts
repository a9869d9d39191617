import type { Incident } from '../../domain/incident/incident.ts';

/** Drives runs to their end, on any number of processes over one PostgreSQL. */
export interface RunEngine {
  /** Takes segments from the queue and looks after runs nobody drives. */
  start(): Promise<void>;
  /** Stops taking segments, waits up to `graceMs` of wall time for those that run, and hands the rest back. */
  stop(graceMs: number): Promise<void>;
  /**
   * Opens the incident's runbook as a `prepared` run: reads done, first change planned, planned again when the world
   * moves. Returns its id, the id of the one that stands already, or null when the incident names no runbook.
   */
  prepareForIncident(incident: Incident): Promise<string | null>;
}

/**
 * The places around an effect at which a test may stop or kill the process, in their order. `after-outcome` (its rows are
 * written) and `before-commit` (audit and next job too) are inside the transaction; `before-acknowledge` is the end of a segment,
 * whose job the queue still holds.
 */
export const hookPoints = [
  'before-intent',
  'after-intent',
  'before-effect',
  'after-effect',
  'before-outcome',
  'after-outcome',
  'before-commit',
  'after-commit',
  'before-acknowledge',
] as const;
export type HookPoint = (typeof hookPoints)[number];

/** Where a segment is: a segment's end is no step's. */
export interface HookInfo {
  runId: string;
  stepId: string | null;
  direction: 'apply' | 'undo' | null;
  key: string | null;
}

/** Awaited at each point; production gives none. */
export interface EngineHooks {
  at(point: HookPoint, info: HookInfo): Promise<void>;
}
