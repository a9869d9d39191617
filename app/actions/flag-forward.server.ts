import type { UnleashRead } from '../clients/unleash/port.ts';
import { effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagEnvironmentState } from '../domain/flag/flag.ts';
import { sameFlagState } from '../domain/flag/kill-plan.ts';
import type { ActionContext, Applied, Move, Observed } from './action.ts';
import { flagStateNow } from './flag-undo.server.ts';

/** Whether a flag stands as its plan set it; `applied` is what setting it would have answered. */
export async function observeForward(
  unleash: UnleashRead,
  context: ActionContext,
  move: Move,
  applied: (after: FlagEnvironmentState) => Applied,
): Promise<Observed> {
  const after = move.plan.after as FlagEnvironmentState;
  const state = await flagStateNow(unleash, after, context.signal);
  const text = `${after.flag} is ${effectiveExposure(state).text} in ${after.environment}`;
  return sameFlagState(state, after) ? { state: 'done', text, applied: applied(after) } : { state: 'not_done', text };
}

/** Whether a flag stands still as its plan set it, and what it is now. */
export async function standsForward(
  unleash: UnleashRead,
  context: ActionContext,
  move: Move,
): Promise<{ still: boolean; text: string }> {
  const after = move.plan.after as FlagEnvironmentState;
  const state = await flagStateNow(unleash, after, context.signal);
  return { still: sameFlagState(state, after), text: `${after.flag} is ${effectiveExposure(state).text} now` };
}
