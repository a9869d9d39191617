import { performFlagWrites } from '../clients/unleash/perform.server.ts';
import type { UnleashWrite } from '../clients/unleash/port.ts';
import { effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagEnvironmentState } from '../domain/flag/flag.ts';
import { restorePlan } from '../domain/flag/kill-plan.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { flagCommands } from '../domain/run/commands/flag-commands.ts';
import type { RunStore } from '../stores/stores.ts';
import type { Action, Planned } from './action.ts';
import { effectWords, type FlagEffectDeps } from './flag-effect.server.ts';
import { afterSetting, answerOfShare } from './flag-forward.server.ts';
import { blastOf, readFlag } from './flag-read.server.ts';
import { flagStateNow, leftByGivingBack, leftByUndo } from './flag-undo.server.ts';
import { blankPlan, refused } from './plan-parts.ts';

/**
 * `flag.put-back`: gives a flag exactly what stood there when a named run raised its exposure. It goes back, so it is a stop
 * and nothing is asked first; what would let more people in than now is no way back and is refused.
 */
export function flagPutBack(deps: FlagEffectDeps & { write: UnleashWrite; runs: Pick<RunStore, 'captured'> }): Action {
  const { unleash, write } = deps;

  const { applied, follows } = afterSetting(deps, answerOfShare);

  return {
    uses: 'flag.put-back',
    recovery: 'verifiable',

    async plan(context): Promise<Planned> {
      const [flag, environment, run] = [context.input.flag, context.input.environment, context.input.run].map(String);
      const target = lockTarget('flag.put-back', context.input, null)!;
      const base = blankPlan(context, {
        kind: 'stop',
        target,
        title: `Put ${flag} in ${environment} back to what it was`,
        confirmLabel: `Put back${context.step.verify ? ' and verify' : ''}`,
      });
      const query = { target, uses: 'flag.expose', runId: run!, notIn: context.run.id };
      const raised = await deps.runs.captured(query);
      const captured = (raised?.state ?? null) as FlagEnvironmentState | null;
      if (!raised || !captured) return refused(base, 'That run changed nothing here: there is nothing to put back.');
      const reading = await readFlag(deps, context);
      if (!reading.ok) return refused(base, reading.refused);
      const { state, usage, precondition } = reading;
      const planned = restorePlan(captured, state);
      const [now, then] = [effectiveExposure(state), effectiveExposure(captured)];
      const [before, after] = [now.text, then.text];
      const more = then.percent > now.percent || then.most > now.most;
      const stands = planned.writes.length === 0 ? `${flag} stands as it did before already.` : null;
      // Of an older state nothing is said to stand: right before the write it is read again.
      const known = precondition.state === 'pass';
      const plan = {
        ...base,
        before: state,
        after: { ...captured, raisedAt: raised.at } satisfies PutBackAfter,
        diff: [
          { sign: ' ' as const, text: `${flag} in ${environment}` },
          { sign: '-' as const, text: before },
          { sign: '+' as const, text: after },
        ],
        preconditions: [precondition],
        blast: blastOf(reading.flag, usage),
        ...effectWords(usage),
        undo: `Goes back to ${before}.`,
        commands: flagCommands({ flag: flag!, environment: environment! }, planned.writes),
        refused: known ? (stands ?? (more ? moreThanNow(before, after) : null)) : null,
      };
      return { plan, capture: state };
    },

    async apply(context, move) {
      const after = move.plan.after as PutBackAfter;
      const state = await flagStateNow(unleash, after, context.signal);
      await performFlagWrites(write, after, restorePlan(after, state).writes, context.signal);
      const usage = await unleash.usage(after.flag, after.environment, context.signal).catch(() => null);
      return applied(context, after, usage);
    },

    ...follows,

    leaves(context, move, direction) {
      if (direction === 'undo') return leftByUndo(context, move);
      const after = move.plan.after as PutBackAfter;
      return { ...leftByGivingBack(context, move.plan.target, after), clearedSince: after.raisedAt };
    },
  };
}

/** What stood before the run that is named raised it, which was confirmed at `raisedAt` (data ms). */
interface PutBackAfter extends FlagEnvironmentState {
  raisedAt: number;
}

function moreThanNow(now: string, then: string): string {
  return `It is ${now} now and was ${then}: giving that back would let more people in. Set its exposure instead.`;
}
