import type { UnleashDefinitions, UnleashRead } from '../clients/unleash/port.ts';
import { definitionDiff, definitionDone } from '../domain/flag/definition-words.ts';
import type { FlagDeclaration, FlagState } from '../domain/flag/flag.ts';
import { type DefinitionAfter, followFile, notTaken, sameWrites } from '../domain/flag/follow-file.ts';
import { isProtected } from '../domain/flag/protection.ts';
import type { DefinitionWrite } from '../domain/flag/reconcile.ts';
import { safeWords } from '../domain/flag/safe-words.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { definitionCommands } from '../domain/run/commands/definition-commands.ts';
import { AppError, errorCode } from '../errors.ts';
import type { Action, ActionContext, Applied, Planned } from './action.ts';
import { blankPlan, refused } from './plan-parts.ts';

/** Type and description as they stood: all that undo brings back. */
interface Definition {
  type: string;
  description: string;
}

/**
 * `flag.define`: makes Unleash follow a flag's file, as far as one environment rules it. Nobody gets the flag by this: what is
 * created or revived is off, and strategies are added only where it is off and has none. Who had it by their own fallback, while
 * Unleash had no such flag, may lose it.
 */
export function flagDefine(deps: {
  unleash: UnleashRead;
  definitions: UnleashDefinitions;
  /** The console's own environment. */
  ownEnvironment: string;
}): Action {
  const { unleash, definitions, ownEnvironment } = deps;

  /** What is to be written as Unleash has the flag now. */
  async function writesNow(declared: FlagDeclaration, environment: string, signal: AbortSignal) {
    const state = await stateOf(unleash, declared.name, signal);
    const all = followFile(declared, state, ownEnvironment);
    return { state, all, writes: all.find((one) => one.environment === environment)?.writes ?? [] };
  }

  /** Whether what was written is there. It may be, and the flag differ in more: what comes back from the archive, say. */
  const look = async (context: ActionContext, { flag, environment, writes: made }: DefinitionAfter) => {
    const { all } = await writesNow(declaredOf(context, flag), environment, context.signal);
    const now = all.flatMap(({ writes }) => writes);
    const there = notTaken(made, now).length === 0;
    const differs = all.some((one) => one.environment === environment);
    if (there && differs) return { there, text: `${flag} has what was put back, and differs from its file in more` };
    return { there, text: `${flag} is ${there ? '' : 'not '}as its file says` };
  };

  return {
    uses: 'flag.define',
    recovery: 'verifiable',

    async plan(context): Promise<Planned> {
      const [flag, environment] = [String(context.input.flag), String(context.input.environment)];
      const declared = context.catalog.flags.find((one) => one.name === flag);
      const base = blankPlan(context, {
        kind: 'forward',
        target: lockTarget('flag.define', context.input, null),
        title: `Put back what the file of ${flag} says`,
        confirmLabel: 'Put back',
      });
      if (!declared) return refused(base, `${flag} is not declared in flags/: there is no file to follow.`);
      const { state, all, writes } = await writesNow(declared, environment, context.signal);
      if (writes.length === 0) {
        const others = all.map((one) => one.environment).join(', ');
        if (others === '') return refused(base, `Unleash agrees with the file of ${flag} already.`);
        return refused(base, `Nothing of ${flag} differs in ${environment}; ask for it in ${others}.`);
      }
      const after: DefinitionAfter = { flag, environment, writes };
      const only = onlyDefines(writes);
      const appears = writes.some(({ kind }) => kind === 'create' || kind === 'revive');
      const plan = {
        ...base,
        before: state && { archived: state.archived, type: state.type, description: state.description },
        after,
        diff: [{ sign: ' ' as const, text: flag }, ...writes.flatMap(definitionDiff)],
        preconditions: [
          { state: 'pass' as const, text: 'Unleash answers.' },
          ...(isProtected(declared, environment, ownEnvironment) ? [nobodyGetsIt] : []),
          ...(appears && declared.safe.state !== 'off' ? [notSafe(declared)] : []),
        ],
        blast: [appears ? endsFallback : 'Nobody gets it or loses it by this.'],
        effect: 'There once Unleash has taken it; it is read back right away.',
        effectMs: 1_000,
        undo: only ? 'Sets the type and the description that it has now.' : null,
        commands: definitionCommands(writes),
      };
      return {
        plan,
        capture: only && state ? ({ type: state.type, description: state.description } as Definition) : null,
      };
    },

    async apply(context, move): Promise<Applied> {
      const after = move.plan.after as DefinitionAfter;
      const declared = declaredOf(context, after.flag);
      const { writes } = await writesNow(declared, after.environment, context.signal);
      if (!sameWrites(writes, after.writes))
        throw new AppError('plan_stale', `${after.flag} or its file has changed since the plan was made.`);
      for (const write of writes) await definitions.send(write, context.signal);
      const { there, text } = await look(context, after);
      if (!there) throw new AppError('unavailable', `Unleash took it and does not show it: ${text}.`);
      return applied(after, text);
    },

    async observe(context, move, direction) {
      const after = move.plan.after as DefinitionAfter;
      if (direction === 'undo') {
        const captured = move.captured as Definition;
        const state = await unleash.flag(after.flag, context.signal);
        const back = state.type === captured.type && state.description.trim() === captured.description.trim();
        const text = `${after.flag} is ${state.type}: ${state.description}`;
        return back ? { state: 'done', text, applied: restored(after) } : { state: 'not_done', text };
      }
      const { there, text } = await look(context, after);
      return there ? { state: 'done', text, applied: applied(after, text) } : { state: 'not_done', text };
    },

    async stands(context, move) {
      const { there, text } = await look(context, move.plan.after as DefinitionAfter);
      return { still: there, text };
    },

    async undo(context, move): Promise<Applied> {
      const after = move.plan.after as DefinitionAfter;
      if (move.captured === null) throw new AppError('bad_input', 'What stood there before is not known.');
      const { type, description } = move.captured as Definition;
      const set = after.writes.find((write) => write.kind === 'define');
      if (!set) throw new AppError('bad_input', 'Only a type and a description can be taken back.');
      const seen = { type: set.type, description: set.description };
      const back: DefinitionWrite = { kind: 'define', flag: after.flag, type, description: description.trim(), seen };
      await definitions.send(back, context.signal);
      return restored(after);
    },
  };
}

const nobodyGetsIt = {
  state: 'pass' as const,
  text: 'It gives the flag to nobody, so neither SLOs nor incidents speak against it.',
};

const endsFallback = 'Applications that ask for it got their own fallback so far; from then on they get off.';

const notSafe = ({ safe }: FlagDeclaration) => ({
  state: 'fail' as const,
  text: `It comes off, and its safe state is ${safeWords(safe)}: whoever has it by a fallback loses it.`,
});

const onlyDefines = (writes: readonly DefinitionWrite[]) => writes.every(({ kind }) => kind === 'define');

function applied({ flag, writes }: DefinitionAfter, seen: string): Applied {
  const evidence = { flag, done: writes.map(definitionDone), readBack: seen };
  return { next: 'done', progress: null, evidence, outputs: { flag } };
}

function restored({ flag }: DefinitionAfter): Applied {
  const evidence = { flag, done: ['type and description set back'] };
  return { next: 'done', progress: null, evidence, outputs: {} };
}

function declaredOf({ catalog }: ActionContext, flag: string): FlagDeclaration {
  const declared = catalog.flags.find((one) => one.name === flag);
  if (declared) return declared;
  throw new AppError('plan_stale', `No file declares ${flag} any more.`);
}

/** A flag as Unleash has it, archived or not; null where it has none. */
async function stateOf(unleash: UnleashRead, flag: string, signal: AbortSignal): Promise<FlagState | null> {
  try {
    return await unleash.flag(flag, signal);
  } catch (error) {
    if (errorCode(error) !== 'not_found') throw error;
    return (await unleash.archived(signal)).find((one) => one.flag === flag) ?? null;
  }
}
