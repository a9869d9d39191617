import { performFlagWrites } from '../clients/unleash/perform.server.ts';
import type { UnleashWrite } from '../clients/unleash/port.ts';
import { awayFromSafe } from '../domain/flag/away-from-safe.ts';
import { exposePlan } from '../domain/flag/expose-plan.ts';
import { describeStrategy, effectiveExposure } from '../domain/flag/exposure.ts';
import type { FlagDeclaration, FlagEnvironmentState, FlagState } from '../domain/flag/flag.ts';
import { isSafe } from '../domain/flag/kill-plan.ts';
import { parentStates } from '../domain/flag/parents.ts';
import { isProtected } from '../domain/flag/protection.ts';
import { readVariantShares } from '../domain/flag/variant-shares.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { flagCommands } from '../domain/run/commands/flag-commands.ts';
import type { Precondition } from '../domain/run/run.ts';
import type { IncidentStore, ObservationStore, SloStore } from '../stores/stores.ts';
import type { Action, ActionContext, Planned } from './action.ts';
import { calm } from './flag-calm.server.ts';
import { effectWords, type FlagEffectDeps } from './flag-effect.server.ts';
import { afterSetting, answerOfShare, asPlanned } from './flag-forward.server.ts';
import { blastOf, readFlag } from './flag-read.server.ts';
import { leftByUndo } from './flag-undo.server.ts';
import { blankPlan, refused } from './plan-parts.ts';

/** What is looked at before a flag moves away from safe. `ownEnvironment` is the console's own: always protected. */
interface GuardDeps {
  slos: SloStore;
  incidents: Pick<IncidentStore, 'open'>;
  observations: ObservationStore;
  ownEnvironment: string;
}

/**
 * `flag.expose`: sets the effective exposure of a flag in one environment, and its variants, through one strategy. It
 * writes only onto the state that was planned for: Unleash has no conditional write, so it reads and compares right before.
 */
export function flagExpose(deps: FlagEffectDeps & GuardDeps & { write: UnleashWrite }): Action {
  const { unleash, write } = deps;

  const { applied, follows } = afterSetting(deps, answerOfShare);

  return {
    uses: 'flag.expose',
    recovery: 'verifiable',

    async plan(context): Promise<Planned> {
      const { flag, environment, percent, variants } = inputOf(context);
      const base = blankPlan(context, {
        kind: 'forward',
        target: lockTarget('flag.expose', context.input, null)!,
        title: `Set ${flag} to ${percent} % in ${environment}`,
        confirmLabel: `Set to ${percent} %${context.step.verify ? ' and verify' : ''}`,
      });
      const declared = context.catalog.flags.find((one) => one.name === flag);
      if (!declared) return refused(base, `${flag} is not declared in flags/: its owner and safe state are not known.`);
      if (variants && 'problem' in variants) return refused(base, variants.problem);
      const reading = await readFlag(deps, context);
      if (!reading.ok) return refused(base, reading.refused);
      const { state, usage, precondition } = reading;
      const planned = exposePlan(state, { percent, variants: variants?.shares ?? null });
      const [before, after] = [effectiveExposure(state), effectiveExposure(planned.after)];
      const away = awayFromSafe(planned, declared.safe);
      const guards = away ? await guardsOf(deps, context, declared, reading.flag) : [];
      const plan = {
        ...base,
        before: state,
        after: planned.after,
        diff: [
          { sign: ' ' as const, text: `${flag} in ${environment}` },
          { sign: '-' as const, text: before.text },
          { sign: '+' as const, text: after.text },
        ],
        preconditions: [precondition, ...guards],
        blast: [
          ...planned.switchedOff.map(
            (each) => `Switched off, as any one strategy is enough: ${describeStrategy(each)}`,
          ),
          ...planned.kept.map((each) => `Stays in force: ${describeStrategy(each)}`),
          ...blastOf(reading.flag, usage),
        ],
        ...effectWords(usage),
        undo: `Goes back to ${before.text}.`,
        commands: flagCommands({ flag, environment }, planned.writes),
        refused: planned.writes.length === 0 ? `${flag} is ${before.text} in ${environment} already.` : null,
      };
      return { plan, capture: state };
    },

    async apply(context, move) {
      const { percent, variants } = inputOf(context);
      const { state, usage } = await asPlanned(unleash, move, context.signal);
      const shares = variants && 'shares' in variants ? variants.shares : null;
      const { writes } = exposePlan(state, { percent, variants: shares });
      await performFlagWrites(write, state, writes, context.signal);
      return applied(context, move.plan.after as FlagEnvironmentState, usage);
    },

    ...follows,

    leaves(context, move, direction) {
      if (direction === 'undo') return leftByUndo(context, move);
      const after = move.plan.after as FlagEnvironmentState;
      const declared = context.catalog.flags.find((one) => one.name === after.flag);
      const safe = declared !== undefined && isSafe(after, declared.safe);
      return { followUp: null, clears: safe ? null : move.plan.target };
    },
  };
}

function inputOf({ input }: ActionContext) {
  const text = typeof input.variants === 'string' && input.variants.trim() !== '' ? input.variants : null;
  return {
    flag: String(input.flag),
    environment: String(input.environment),
    percent: Number(input.percent),
    variants: text === null ? null : readVariantShares(text),
  };
}

/** What has to be calm before a flag moves away from safe; in an environment that is not protected, nothing. */
async function guardsOf(
  deps: GuardDeps,
  context: ActionContext,
  declared: FlagDeclaration,
  flag: FlagState,
): Promise<Precondition[]> {
  const environment = String(context.input.environment);
  if (!isProtected(declared, environment, deps.ownEnvironment)) return [];
  const guards: Precondition[] = await parentsAllow(deps.observations, flag, environment);
  const open = (await deps.incidents.open()).find(
    (one) => one.service === declared.service || one.children.includes(declared.service),
  );
  guards.push(
    open
      ? { state: 'fail', text: `An incident is open on ${declared.service}: ${open.title}.` }
      : { state: 'pass', text: `No incident is open on ${declared.service}.` },
  );
  if (!declared.environments.some((one) => one.name === environment))
    guards.push({ state: 'unknown', text: `Its file does not declare it in ${environment}.` });
  return [...guards, ...(await calm(deps.slos, context, flag.flag))];
}

/** A parent that is off keeps the flag from everybody, whatever is set here. */
async function parentsAllow(
  observations: ObservationStore,
  flag: FlagState,
  environment: string,
): Promise<Precondition[]> {
  if (flag.parents.length === 0) return [];
  const all = (await observations.get<FlagState[]>('unleash', 'flags')).value ?? [];
  const states = parentStates(flag, environment, new Map(all.map((one) => [one.flag, one])));
  return states.map(({ flag: parent, needs, state }) => {
    const blocked = !state || (!state.enabled && needs !== 'off');
    const text = blocked ? `Its parent ${parent} is off here: nobody would get it.` : `Its parent ${parent} is there.`;
    return { state: blocked ? 'fail' : 'pass', text };
  });
}
