import { performFlagWrites } from '../clients/unleash/perform.server.ts';
import type { UnleashWrite } from '../clients/unleash/port.ts';
import { type Exposure, effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagEnvironmentState, FlagUsage, Receipt } from '../domain/flag/flag.ts';
import { restorePlan, sameFlagState } from '../domain/flag/kill-plan.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { flagCommands } from '../domain/run/commands/flag-commands.ts';
import { AppError } from '../errors.ts';
import type { FollowUpStore, RunStore, SloStore } from '../stores/stores.ts';
import type { Action, ActionContext, Applied, Planned } from './action.ts';
import { calm } from './flag-calm.server.ts';
import { effectWords, type FlagEffectDeps, followFlag, receiptOf } from './flag-effect.server.ts';
import { observeForward, standsForward } from './flag-forward.server.ts';
import { blastOf, readFlag } from './flag-read.server.ts';
import { flagStateNow, leftByUndo, observeUndo, undoFlag } from './flag-undo.server.ts';
import { blankPlan } from './plan-parts.ts';

/** `flag.restore`: gives a killed flag back what the kill captured. A forward change: it asks whether the SLOs of the flag are calm. */
export function flagRestore(
  deps: FlagEffectDeps & {
    write: UnleashWrite;
    runs: RunStore;
    followUps: Pick<FollowUpStore, 'open'>;
    slos: SloStore;
  },
): Action {
  const { unleash, write } = deps;

  const applied = (context: ActionContext, after: FlagEnvironmentState, usage: FlagUsage[] | null): Applied => {
    const exposure = effectiveExposure(after);
    const answer = {
      flag: after.flag,
      environment: after.environment,
      expected: exposure.on,
      partial: isPartial(exposure),
    };
    return { next: 'done', progress: null, evidence: receiptOf(context, answer, usage), outputs: { flag: after.flag } };
  };

  return {
    uses: 'flag.restore',
    recovery: 'verifiable',

    async plan(context): Promise<Planned> {
      const name = String(context.input.flag);
      const environment = String(context.input.environment);
      const target = lockTarget('flag.restore', context.input, null)!;
      const base = blankPlan(context, {
        kind: 'forward',
        target,
        title: `Restore ${name} in ${environment}`,
        confirmLabel: `Restore${context.step.verify ? ' and verify' : ''}`,
      });
      const captured = await capturedBy(deps, target, context.run.id);
      if (!captured)
        return refused(base, `No run of Firebreak changed ${name} in ${environment}: there is nothing to restore.`);
      const reading = await readFlag(deps, context);
      if (!reading.ok) return refused(base, reading.refused);
      const { state, flag, usage, precondition } = reading;
      const planned = restorePlan(captured, state);
      const [before, after] = [effectiveExposure(state).text, effectiveExposure(captured).text];
      const plan = {
        ...base,
        before: state,
        after: planned.after,
        diff: [
          { sign: ' ' as const, text: `${name} in ${environment}` },
          { sign: '-' as const, text: before },
          { sign: '+' as const, text: after },
        ],
        preconditions: [precondition, ...(await calm(deps.slos, context, name))],
        blast: blastOf(flag, usage),
        ...effectWords(usage),
        undo: `Goes back to ${before}.`,
        commands: flagCommands({ flag: name, environment }, planned.writes),
        refused: planned.writes.length === 0 ? `${name} stands as it did before the kill already.` : null,
      };
      return { plan, capture: state };
    },

    async apply(context, move) {
      const after = move.plan.after as FlagEnvironmentState;
      // Before the comparison: Unleash has no conditional write, so nothing else may stand between it and the write.
      const usage = await unleash.usage(after.flag, after.environment, context.signal).catch(() => null);
      const state = await flagStateNow(unleash, after, context.signal);
      if (!sameFlagState(state, move.plan.before as FlagEnvironmentState)) {
        const is = effectiveExposure(state).text;
        throw new AppError('plan_stale', `Somebody else has set ${state.flag} since: ${is}.`);
      }
      await performFlagWrites(write, after, restorePlan(after, state).writes, context.signal);
      return applied(context, after, usage);
    },

    observe: (context, move, direction) =>
      direction === 'undo'
        ? observeUndo(unleash, context, move)
        : observeForward(unleash, context, move, (after) => applied(context, after, null)),

    stands: (context, move) => standsForward(unleash, context, move),

    undo: (context, move) => undoFlag(deps, context, move),

    follow: (context, move, evidence) =>
      followFlag(deps, context, evidence as Receipt, move.progress as { effectAt?: number } | null),

    leaves(context, move, direction) {
      if (direction === 'undo') return leftByUndo(context, move);
      return { followUp: null, clears: move.plan.target };
    },
  };
}

function isPartial(exposure: Exposure): boolean {
  return exposure.on && (exposure.percent < 100 || exposure.bounded);
}

/** What the last kill of a target captured: that of the run that its follow-up names, else the newest of any other run. */
async function capturedBy(
  deps: { runs: RunStore; followUps: Pick<FollowUpStore, 'open'> },
  target: string,
  ownRun: string,
): Promise<FlagEnvironmentState | null> {
  const followUp = (await deps.followUps.open()).find((one) => one.target === target);
  const captured = await deps.runs.captured({
    target,
    uses: 'flag.kill',
    runId: followUp?.runId ?? null,
    notIn: ownRun,
  });
  return captured as FlagEnvironmentState | null;
}

function refused(plan: Planned['plan'], why: string): Planned {
  return { plan: { ...plan, refused: why }, capture: null };
}
