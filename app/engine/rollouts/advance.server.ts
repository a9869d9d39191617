import type { Catalog } from '../../domain/catalog.ts';
import { nextMove, type RolloutMove } from '../../domain/rollout/next-move.ts';
import type { HeldReason, Rollout } from '../../domain/rollout/rollout.ts';
import type { Actor } from '../../domain/run/run.ts';
import { errorCode } from '../../errors.ts';
import type { RolloutDeps, RolloutPoint } from './deps.ts';
import { type ReadGuards, see } from './see.server.ts';

/** Moves that one turn may make of one rollout. */
const longest = 20;

/** The engine where it goes back by itself. */
const firebreak: Actor = { email: 'engine', name: 'Firebreak', role: 'engine', teams: [] };

/**
 * Moves one rollout as far as it goes now. Nothing is kept between two moves: each is made anew of what is stored and seen,
 * and every change expects the row as it was read, so that two engines, or one that died half way, never step twice.
 */
export async function advanceRollout(
  deps: RolloutDeps,
  readGuards: ReadGuards,
  catalog: Catalog,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  for (let moves = 0; moves < longest; moves++) {
    signal.throwIfAborted();
    const rollout = await deps.rollouts.get(id);
    const look = rollout && (await see(deps, readGuards, catalog, rollout, signal));
    if (!look) return;
    const move = nextMove(look.seen);
    if (move.kind === 'rest') return;
    if (!(await perform(deps, rollout, move, look.person))) return;
  }
}

/** Makes a move; false when the rollout has to be looked at again later. */
async function perform(
  deps: RolloutDeps,
  rollout: Rollout,
  move: Exclude<RolloutMove, { kind: 'rest' }>,
  person: Actor | null,
): Promise<boolean> {
  const around = async <T>(what: 'open' | 'confirm' | 'cancel' | 'change', work: () => Promise<T>): Promise<T> => {
    const at = (point: RolloutPoint) => deps.hooks?.at(point, rollout.id);
    await at(`before-${what}`);
    const done = await work();
    await at(`after-${what}`);
    return done;
  };
  switch (move.kind) {
    case 'event': {
      const { event, text, held, stage, effectAt } = move;
      const percent = percentSet(rollout, move);
      return around('change', () => deps.rollouts.change(rollout, { event, text, held, stage, effectAt, ...percent }));
    }
    case 'open': {
      const { percent } = rollout.plan.stages[rollout.stage]!;
      const change = { event: 'apply' as const, text: `Sets ${percent} %.` };
      const begins = rollout.state === 'preflight' ? change : null;
      return around('open', () => deps.rollouts.open(rollout, move.direction, begins));
    }
    case 'cancel': {
      const { runId } = move.step;
      const reason = 'Its rollout has ended or goes back.';
      await around('cancel', () => deps.runs.cancel({ runId, reason, actor: firebreak }));
      return true;
    }
    case 'confirm': {
      const actor = move.direction === 'back' ? firebreak : person;
      if (!actor) return false;
      return around('confirm', () => confirm(deps, rollout, move, actor));
    }
  }
}

/** What the chart draws from here on. */
function percentSet(rollout: Rollout, { event, stage }: Extract<RolloutMove, { kind: 'event' }>): { percent?: number } {
  if (event === 'take-effect' || (event === 'bake' && rollout.state === 'preflight')) {
    return { percent: rollout.plan.stages[stage]!.percent };
  }
  return event === 'rolled-back' ? { percent: 0 } : {};
}

/** Gives the word for a step as its plan reads now. One that was given already is as good. */
async function confirm(
  deps: RolloutDeps,
  rollout: Rollout,
  { step, direction }: Extract<RolloutMove, { kind: 'confirm' }>,
  actor: Actor,
): Promise<boolean> {
  const { runId, stepId } = step;
  const number = `Stage ${rollout.stage + 1} of ${rollout.plan.stages.length}`;
  const reason =
    direction === 'back' ? `Rollback of ${rollout.title}.` : `${number} of the rollout of ${rollout.title}.`;
  const word = { hash: step.planHash ?? '', reason, acknowledged: true, outcome: null, actor, address: null };
  try {
    return await deps.rollouts.confirm(rollout, { runId, stepId, ...word });
  } catch (error) {
    const code = errorCode(error);
    if (!code) throw error;
    const said = (error as Error).message;
    if (direction === 'back' && code === 'mode_observe') {
      // Nobody must think that it goes back: a console that only observes never will.
      await deps.rollouts.change(rollout, { event: 'unverified', text: `Not rolled back: ${said}` });
      return false;
    }
    if (direction === 'back' || code === 'already_done' || code === 'plan_stale' || code === 'not_planned')
      return false;
    const why = reasons[code] ?? 'step';
    await deps.rollouts.change(rollout, { event: 'hold', text: `Held: ${said}`, held: { reason: why, text: said } });
    return false;
  }
}

const reasons: Partial<Record<string, HeldReason>> = { forbidden: 'person', mode_observe: 'mode', frozen: 'frozen' };
