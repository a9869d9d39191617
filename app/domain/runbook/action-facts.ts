import { z } from 'zod';
import type { EndpointUse } from '../endpoint/endpoint.ts';
import type { ActionKind } from '../run/run.ts';
import { parseDuration } from './durations.ts';

/** What one action of the catalogue is, as files may name it: pure facts, no behaviour. */
export interface ActionFacts {
  /** One line for docs, hints and the page. */
  summary: string;
  /** Shape of `with` after its expressions are filled in. Durations stay text such as `2m`. */
  schema: z.ZodObject;
  /** What the fields of `with` may not say together; null when they may. */
  contradiction?(input: Record<string, unknown>): Contradiction | null;
  /** Its kind as far as its input tells, before the world was read. */
  kind(input: Record<string, unknown>): ActionKind;
  /** What it locks; absent for reads and people. `service` is the run's, for a step that names none. */
  target?(input: Record<string, unknown>, service: string | null): string;
  /** True when it changes the world and so must prove itself (`verify`). */
  change: boolean;
  /** True when it leaves something behind that must be due some day (`expires`). */
  leaves: boolean;
  /** True when it writes nothing outside Firebreak, so that it may be done where Firebreak only observes. */
  inside?: boolean;
  /** True when reading its plan anew costs a quota outside that others need too: it is read less often. */
  costly?: boolean;
  /**
   * After a crash between intent and outcome: look at the target first, do it again with the same key, or ask a person.
   * Reads are made again.
   */
  recovery: 'verifiable' | 'idempotent' | 'ask';
  /** The field of `with` that names an endpoint of the organisation, and what that has to be for. */
  endpoint?: { field: string; uses: readonly EndpointUse[] };
  /** Names readable as `steps.<id>.outputs.<name>`. */
  outputs: readonly string[];
  /** All that an output can be, where that is known; a `when` that compares it with anything else is refused. */
  answers?(input: Record<string, unknown>): Record<string, readonly string[]>;
}

/** Which field of `with` contradicts the others, and how to mend it. */
export interface Contradiction {
  /** Null for `with` as a whole. */
  field: string | null;
  message: string;
  hint: string;
}

/** A name of the catalog or of an outside system. */
export const name = z.string().min(1).max(200);

/** A stretch of time as text; becomes ms where it is used. */
export const duration = z.string().refine((text) => parseDuration(text) !== null, {
  message: 'This is not a duration.',
  params: { hint: 'Write a number and a unit: 30s, 2m, 1h, 7d.' },
});

/** A burn rate, such as 14.4. */
export const burn = z.number().positive();

/** A window that burns are evaluated over. */
export const window = z.enum(['5m', '30m', '1h', '2h', '6h', '1d', '3d']);

/** An answer to a question about the world: without data it is unknown, never no. */
export const yesOrNo = ['yes', 'no', 'unknown'] as const;
