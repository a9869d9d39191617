import { performFlagWrites } from '../clients/unleash/perform.server.ts';
import type { UnleashWrite } from '../clients/unleash/port.ts';
import { effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagEnvironmentState } from '../domain/flag/flag.ts';
import { restorePlan } from '../domain/flag/kill-plan.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { flagCommands } from '../domain/run/commands/flag-commands.ts';
import type { FollowUpStore, RunStore, SloStore } from '../stores/stores.ts';
import type { Action, Planned } from './action.ts';
import { calm } from './flag-calm.server.ts';
import { effectWords, type FlagEffectDeps } from './flag-effect.server.ts';
import { type AnswerOf, afterSetting, asPlanned } from './flag-forward.server.ts';
import { blastOf, readFlag } from './flag-read.server.ts';
import { leftByUndo } from './flag-undo.server.ts';
import { blankPlan, refused } from './plan-parts.ts';

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

  const { applied, follows } = afterSetting(deps, answerOfSwitch);

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
      const { state, usage } = await asPlanned(unleash, move, context.signal);
      await performFlagWrites(write, after, restorePlan(after, state).writes, context.signal);
      return applied(context, after, usage);
    },

    ...follows,

    leaves(context, move, direction) {
      if (direction === 'undo') return leftByUndo(context, move);
      return { followUp: null, clears: move.plan.target };
    },
  };
}

/** A restored flag is on again; a strategy with bounds keeps it from some whatever its share. */
const answerOfSwitch: AnswerOf = ({ on, percent, bounded }) => ({
  expected: on,
  partial: on && (percent < 100 || bounded),
});

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
  return (captured?.state ?? null) as FlagEnvironmentState | null;
}
