import { performFlagWrites } from '../clients/unleash/perform.server.ts';
import type { UnleashRead, UnleashWrite } from '../clients/unleash/port.ts';
import { effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagDeclaration, FlagUsage, Receipt, SafeState } from '../domain/flag/flag.ts';
import { type FlagWrite, isSafe, killPlan, safeAnswer } from '../domain/flag/kill-plan.ts';
import { isProtected } from '../domain/flag/protection.ts';
import { safeWords } from '../domain/flag/safe-words.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { flagCommands } from '../domain/run/commands/flag-commands.ts';
import { AppError, errorCode } from '../errors.ts';
import type { Action, ActionContext, Applied, Move, Planned } from './action.ts';
import { effectWords, type FlagEffectDeps, followFlag, receiptOf } from './flag-effect.server.ts';
import { blastOf, readFlag } from './flag-read.server.ts';
import { flagStateNow, observeUndo, undoFlag } from './flag-undo.server.ts';
import { blankPlan, refused } from './plan-parts.ts';

/** What a kill writes, as its hash covers it: not what stood there before, so that a stop is never stale. */
interface KillAfter {
  flag: string;
  environment: string;
  safe: SafeState;
}

/** `flag.kill`: brings a flag to its declared safe state in one environment, with a receipt of five layers. */
export function flagKill(deps: FlagEffectDeps & { write: UnleashWrite; ownEnvironment: string }): Action {
  const { unleash, write, ownEnvironment } = deps;

  const receipt = (context: ActionContext, { flag, environment, safe }: KillAfter, usage: FlagUsage[] | null) =>
    receiptOf(context, { flag, environment, expected: safeAnswer(safe), partial: false }, usage);

  const applied = (context: ActionContext, after: KillAfter, usage: FlagUsage[] | null): Applied => ({
    next: 'done',
    progress: null,
    evidence: receipt(context, after, usage),
    outputs: { flag: after.flag },
  });

  return {
    uses: 'flag.kill',
    recovery: 'verifiable',

    repeatable: (move, direction) => direction === 'apply' && (move.plan.after as KillAfter).safe.state === 'off',

    async plan(context): Promise<Planned> {
      const name = String(context.input.flag);
      const environment = String(context.input.environment);
      const declared = context.catalog.flags.find((one) => one.name === name);
      const target = lockTarget('flag.kill', context.input, null);
      const word = declared ? safeWords(declared.safe) : 'its safe state';
      const base = blankPlan(context, {
        kind: 'stop',
        target,
        title: `Bring ${name} to ${word} in ${environment}`,
        confirmLabel: `${labelOf(declared)}${context.step.verify ? ' and verify' : ''}`,
      });
      if (!declared) {
        return refused(base, `${name} is not declared in flags/, so its safe state is not known.`);
      }
      const reading = await readFlag(deps, context);
      if (!reading.ok) return refused(base, reading.refused);
      const { state, flag, usage, precondition } = reading;
      const planned = killPlan(state, declared);
      const [before, after] = [effectiveExposure(state).text, effectiveExposure(planned.after).text];
      const killAfter: KillAfter = { flag: name, environment, safe: declared.safe };
      const plan = {
        ...base,
        before: state,
        after: killAfter,
        diff: [
          { sign: ' ' as const, text: `${name} in ${environment}` },
          { sign: '-' as const, text: before },
          { sign: '+' as const, text: after },
        ],
        preconditions: [precondition],
        blast: blastOf(flag, usage),
        ...effectWords(usage),
        undo: `Restores exactly what is there now: ${before}.`,
        commands: flagCommands(killAfter, planned.writes),
        refused: planned.writes.length === 0 ? `${name} is ${word} in ${environment} already.` : null,
      };
      return { plan, capture: state };
    },

    async apply(context, move) {
      const after = move.plan.after as KillAfter;
      const writes = await writesNow(unleash, after, context.signal);
      const usage = await unleash.usage(after.flag, after.environment, context.signal).catch(() => null);
      await performFlagWrites(write, after, writes, context.signal);
      return applied(context, after, usage);
    },

    async observe(context, move, direction) {
      if (direction === 'undo') return observeUndo(unleash, context, move);
      const after = move.plan.after as KillAfter;
      const state = await flagStateNow(unleash, after, context.signal);
      const text = `${after.flag} is ${effectiveExposure(state).text} in ${after.environment}`;
      return isSafe(state, after.safe)
        ? { state: 'done', text, applied: applied(context, after, null) }
        : { state: 'not_done', text };
    },

    async stands(context, move) {
      const after = move.plan.after as KillAfter;
      const state = await flagStateNow(unleash, after, context.signal);
      return { still: isSafe(state, after.safe), text: `${after.flag} is ${effectiveExposure(state).text} now` };
    },

    async undo(context, move) {
      if (move.captured === null) throw new AppError('bad_input', 'What stood there before is not known.');
      return undoFlag(deps, context, move);
    },

    follow: (context, move, evidence) =>
      followFlag(deps, context, evidence as Receipt, move.progress as { effectAt?: number } | null),

    leaves(context, move: Move, direction) {
      const { flag, environment, safe } = move.plan.after as KillAfter;
      const target = lockTarget('flag.kill', { flag, environment }, null)!;
      if (direction === 'undo') return { followUp: null, clears: target };
      const declared = context.catalog.flags.find((one) => one.name === flag);
      // Where it is turned all day, nobody has to be reminded.
      if (!isProtected(declared, environment, ownEnvironment)) return { followUp: null, clears: null };
      const followUp = {
        kind: 'flag-killed' as const,
        target,
        title: `${flag} is ${safeWords(safe)} in ${environment}`,
        service: declared?.service ?? null,
        owner: declared?.owners[0] ?? null,
        dueIn: context.step.expires,
        wayBack: { template: 'template:flag.restore', label: `Restore ${flag}`, inputs: { flag, environment } },
      };
      return { followUp, clears: null };
    },
  };
}

/** What is to be written as the flag stands now. Off needs no reading: a stop is not refused because reads fail. */
async function writesNow(unleash: UnleashRead, after: KillAfter, signal: AbortSignal): Promise<FlagWrite[]> {
  try {
    return killPlan(await flagStateNow(unleash, after, signal), { safe: after.safe }).writes;
  } catch (error) {
    if (signal.aborted || errorCode(error) !== 'unavailable' || after.safe.state !== 'off') throw error;
    return [{ kind: 'disable' }];
  }
}

function labelOf(declared: FlagDeclaration | undefined): string {
  if (!declared || declared.safe.state === 'off') return 'Turn off';
  return declared.safe.state === 'on' ? 'Turn on' : `Set ${declared.safe.variant}`;
}
