import type { UnleashRead, UnleashWrite } from '../clients/unleash/port.ts';
import { type Exposure, effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagEnvironmentState, FlagUsage, Receipt } from '../domain/flag/flag.ts';
import { sameFlagState } from '../domain/flag/kill-plan.ts';
import { AppError } from '../errors.ts';
import type { Action, ActionContext, Applied, Move } from './action.ts';
import { type ExpectedAnswer, type FlagEffectDeps, followFlag, receiptOf } from './flag-effect.server.ts';
import { flagStateNow, observeUndo, undoFlag } from './flag-undo.server.ts';

/** What SDKs are to answer once a flag has an exposure. */
export type AnswerOf = (exposure: Exposure) => Pick<ExpectedAnswer, 'expected' | 'partial'>;

/** Nobody is to get it where its share is nothing; not all are while it is under 100 %. */
export const answerOfShare: AnswerOf = ({ on, percent, most }) => ({
  expected: on && most > 0,
  partial: on && most > 0 && percent < 100,
});

/** What every action that sets a flag to the state of its plan does once it is set; `applied` is what the write itself answers. */
export function afterSetting(deps: FlagEffectDeps & { write: UnleashWrite }, answerOf: AnswerOf) {
  const { unleash } = deps;

  const applied = (context: ActionContext, after: FlagEnvironmentState, usage: FlagUsage[] | null): Applied => {
    const { flag, environment } = after;
    const answer = { flag, environment, ...answerOf(effectiveExposure(after)) };
    return { next: 'done', progress: null, evidence: receiptOf(context, answer, usage), outputs: { flag } };
  };

  const follows: Required<Pick<Action, 'observe' | 'stands' | 'undo' | 'follow'>> = {
    async observe(context, move, direction) {
      if (direction === 'undo') return observeUndo(unleash, context, move);
      const { after, state } = await seen(unleash, context, move);
      const text = `${after.flag} is ${effectiveExposure(state).text} in ${after.environment}`;
      if (!sameFlagState(state, after)) return { state: 'not_done', text };
      return { state: 'done', text, applied: applied(context, after, null) };
    },
    async stands(context, move) {
      const { after, state } = await seen(unleash, context, move);
      return { still: sameFlagState(state, after), text: `${after.flag} is ${effectiveExposure(state).text} now` };
    },
    undo: (context, move) => undoFlag(deps, context, move),
    follow: (context, move, evidence) =>
      followFlag(deps, context, evidence as Receipt, move.progress as { effectAt?: number } | null),
  };
  return { applied, follows };
}

/**
 * The flag right before a write onto the state that was planned for, and who evaluated it. Unleash has no conditional write, so
 * nothing else stands between this and the write. Throws AppError plan_stale when somebody else has set it since.
 */
export async function asPlanned(
  unleash: UnleashRead,
  { plan }: Move,
  signal: AbortSignal,
): Promise<{ state: FlagEnvironmentState; usage: FlagUsage[] | null }> {
  const planned = plan.before as FlagEnvironmentState;
  const usage = await unleash.usage(planned.flag, planned.environment, signal).catch(() => null);
  const state = await flagStateNow(unleash, planned, signal);
  if (sameFlagState(state, planned)) return { state, usage };
  throw new AppError('plan_stale', `Somebody else has set ${state.flag} since: ${effectiveExposure(state).text}.`);
}

async function seen(unleash: UnleashRead, context: ActionContext, move: Move) {
  const after = move.plan.after as FlagEnvironmentState;
  return { after, state: await flagStateNow(unleash, after, context.signal) };
}
