import { z } from 'zod';
import type { FlagEnvironmentState, SafeState } from './flag.ts';
import type { FlagWrite } from './kill-plan.ts';

/** What became of a kill without the console, as far as could be seen. `unknown` is never called done. */
export type DirectOutcome = 'done' | 'not-taken' | 'unknown';

/** What somebody was about to do, written down before it was sent. */
export interface DirectIntent {
  kind: 'intent';
  /** Names this kill in its own journal. */
  kill: string;
  /** Ms, by the clock of the machine. */
  at: number;
  flag: string;
  environment: string;
  /** Who says they did it: nobody signs in on a command line. */
  person: string;
  machine: string;
  reason: string;
  safe: SafeState;
  /** False where the flag stands in no file and the safe state was given by hand. */
  declared: boolean;
  /** Null where Unleash could not be read. */
  before: FlagEnvironmentState | null;
  writes: FlagWrite[];
}

/** What was seen afterwards. */
export interface DirectEnd {
  kind: 'outcome';
  kill: string;
  at: number;
  outcome: DirectOutcome;
  text: string;
  layers: { layer: string; at: number | null; text: string }[];
}

/** A line of the journal of direct kills, chained to the one before by its hash. */
export type JournalLine = (DirectIntent | DirectEnd) & { seq: number; prev: string; hash: string };

const chained = { seq: z.int().min(1), prev: z.string(), hash: z.string(), kill: z.string(), at: z.number() };
const text = z.string();
const state = z.looseObject({ flag: text, environment: text, enabled: z.boolean(), strategies: z.array(z.unknown()) });
const safe = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off') }),
  z.object({ state: z.literal('on') }),
  z.object({ state: z.literal('variant'), variant: text }),
]);

/** The shape of a line; strict, so that nothing stands in a journal that its hash would not cover. */
export const journalLine = z.discriminatedUnion('kind', [
  z.strictObject({
    ...chained,
    kind: z.literal('intent'),
    flag: text.min(1),
    environment: text.min(1),
    person: text.min(1),
    machine: text,
    reason: text,
    safe,
    declared: z.boolean(),
    before: state.nullable(),
    writes: z.array(z.looseObject({ kind: text })),
  }),
  z.strictObject({
    ...chained,
    kind: z.literal('outcome'),
    outcome: z.enum(['done', 'not-taken', 'unknown']),
    text,
    layers: z.array(z.strictObject({ layer: text, at: z.number().nullable(), text })),
  }),
]);

/** One kill as its journal tells it; without an end where the command died, or is still at it. */
export interface DirectKill {
  intent: DirectIntent & { hash: string };
  end: DirectEnd | null;
}

/** The kills of a journal, oldest first. */
export function killsOf(lines: readonly JournalLine[]): DirectKill[] {
  return lines
    .filter((line): line is Extract<JournalLine, { kind: 'intent' }> => line.kind === 'intent')
    .map((intent) => ({
      intent,
      end: lines.find((line): line is Extract<JournalLine, { kind: 'outcome' }> => isEndOf(line, intent.kill)) ?? null,
    }));
}

function isEndOf(line: JournalLine, kill: string): boolean {
  return line.kind === 'outcome' && line.kill === kill;
}

/** What became of a kill, in one sentence for the audit. */
export function endWords({ intent, end }: DirectKill): string {
  if (end === null) return 'Nobody wrote down what became of it: the command ended before it could.';
  const what = { done: 'Done', 'not-taken': 'Not taken', unknown: 'Outcome unknown' }[end.outcome];
  return `${what}: ${end.text} (${intent.flag} in ${intent.environment})`;
}
