import { parseDuration } from '../domain/runbook/durations.ts';
import type { Action, ActionContext, Applied } from './action.ts';
import { blankPlan } from './plan-parts.ts';

/** How far back a query reads unless it says so, ms. */
const usualSince = 15 * 60_000;

/** The stretch of data time that a query is about, on whole minutes: `from` exclusive, `to` inclusive. */
export function rangeOf({ input, now }: ActionContext): { from: number; to: number; ms: number } {
  const ms = parseDuration(String(input.since ?? '')) ?? usualSince;
  const to = Math.floor(now() / 60_000) * 60_000;
  return { from: to - Math.ceil(ms / 60_000) * 60_000, to, ms };
}

/** `yes`, `no`, or `unknown` without a value, to the bounds that a query names; null where it names none. */
export function answerTo(
  value: number | null,
  { over, under }: Record<string, unknown>,
): 'yes' | 'no' | 'unknown' | null {
  if (typeof over !== 'number' && typeof under !== 'number') return null;
  if (value === null) return 'unknown';
  const held = (typeof over !== 'number' || value > over) && (typeof under !== 'number' || value < under);
  return held ? 'yes' : 'no';
}

/** A read: it plans little more than its title and the command that reads the same, and leaves nothing behind. */
export function readAction(
  uses: string,
  parts: {
    title(context: ActionContext): string;
    /** The same reading as a command. Throws what `read` would. */
    command(context: ActionContext): string;
    read(context: ActionContext): Promise<Pick<Applied, 'evidence' | 'outputs'>>;
  },
): Action {
  return {
    uses,
    recovery: 'idempotent',
    async plan(context) {
      const plan = blankPlan(context, {
        kind: 'read',
        title: parts.title(context),
        confirmLabel: 'Read',
        commands: [{ label: 'The same reading', command: parts.command(context) }],
      });
      return { plan, capture: null };
    },
    apply: async (context) => ({ next: 'done', progress: null, ...(await parts.read(context)) }),
    async observe() {
      return { state: 'not_done', text: 'a reading leaves nothing behind' };
    },
  };
}
