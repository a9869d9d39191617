import { performFlagWrites } from '../clients/unleash/perform.server.ts';
import type { UnleashRead, UnleashWrite } from '../clients/unleash/port.ts';
import { effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagEnvironmentState } from '../domain/flag/flag.ts';
import { isSafe, restorePlan, sameFlagState } from '../domain/flag/kill-plan.ts';
import { AppError } from '../errors.ts';
import type { ActionContext, Applied, LeftBehind, Move, Observed } from './action.ts';

/** A flag in one environment as Unleash has it now. Throws `not_found` or `unavailable`. */
export async function flagStateNow(
  unleash: UnleashRead,
  at: { flag: string; environment: string },
  signal: AbortSignal,
): Promise<FlagEnvironmentState> {
  const flag = await unleash.flag(at.flag, signal);
  const state = flag.environments.find((one) => one.environment === at.environment);
  if (!state) throw new AppError('not_found', `${at.flag} does not exist in ${at.environment}.`);
  return state;
}

/** Gives a flag back exactly the strategies that were captured when it was changed. */
export async function undoFlag(
  deps: { unleash: UnleashRead; write: UnleashWrite },
  context: ActionContext,
  move: Move,
): Promise<Applied> {
  const captured = move.captured as FlagEnvironmentState;
  const current = await flagStateNow(deps.unleash, captured, context.signal);
  await performFlagWrites(deps.write, captured, restorePlan(captured, current).writes, context.signal);
  return restoredTo(captured);
}

/** What stands again once a step is undone: what it captured. */
export function leftByUndo(context: ActionContext, { plan, captured }: Move): LeftBehind {
  return leftByGivingBack(context, plan.target, captured as FlagEnvironmentState);
}

/** What stands again once a flag was given back what it had: the reminder of a kill, where that is its safe state. */
export function leftByGivingBack(
  { catalog }: ActionContext,
  target: string | null,
  before: FlagEnvironmentState,
): LeftBehind {
  const declared = catalog.flags.find((one) => one.name === before.flag);
  const safe = declared !== undefined && isSafe(before, declared.safe);
  return { followUp: null, clears: null, reopens: safe ? target : null };
}

/** Whether a flag stands as it was captured. */
export async function observeUndo(unleash: UnleashRead, context: ActionContext, move: Move): Promise<Observed> {
  const captured = move.captured as FlagEnvironmentState;
  const current = await flagStateNow(unleash, captured, context.signal);
  const text = `${captured.flag} is ${effectiveExposure(current).text}`;
  return sameFlagState(current, captured)
    ? { state: 'done', text, applied: restoredTo(captured) }
    : { state: 'not_done', text };
}

function restoredTo(captured: FlagEnvironmentState): Applied {
  const restored = effectiveExposure(captured).text;
  return { next: 'done', progress: null, evidence: { flag: captured.flag, restored }, outputs: {} };
}
