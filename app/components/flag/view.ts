import { defaultWords } from '../../domain/flag/default-strategies.ts';
import { managedStrategy } from '../../domain/flag/expose-plan.ts';
import { describeStrategy, effectiveExposure, type SegmentNames } from '../../domain/flag/exposure.ts';
import type { FlagDeclaration, FlagEnvironmentState, FlagState, FlagStrategy } from '../../domain/flag/flag.ts';
import { exposureHeadline } from '../../domain/flag/headline.ts';
import { parentStates } from '../../domain/flag/parents.ts';
import { isProtected } from '../../domain/flag/protection.ts';
import { provingSlo } from '../../domain/flag/proving-slo.ts';
import { isUnconditional } from '../../domain/flag/rollout.ts';
import { variantSharesText } from '../../domain/flag/variant-shares.ts';
import { backByStages } from './back-by-stages.ts';
import { type FlagShare, flagShares, here } from './row.ts';

/** One environment of a flag as its page shows it. */
export interface EnvironmentView {
  name: string;
  /** "25 % of production". */
  headline: string;
  share: FlagShare;
  enabled: boolean;
  /** Changes are gated here. */
  protected: boolean;
  declared: boolean;
  strategies: StrategyView[];
  /** What its file lets it begin with here, in words; null where it says nothing. */
  begins: string | null;
  /** Lines about parents that keep it from people. */
  parents: string[];
  /** What the form for another share stands at: the share of those without conditions, and the variants. */
  now: { percent: number; variants: string };
  /** How a small share of it comes back after a kill: the SLO that proves one step, null where none does, and the way to a guarded rollout from there. */
  back: { slo: string | null; byStages: string };
}

/** One activation strategy in words. */
export interface StrategyView {
  id: string;
  /** "25 % of users by userId where country is DK". */
  text: string;
  title: string | null;
  disabled: boolean;
  /** What its percentage is counted in; null where it has none. */
  group: string | null;
  /** Shares of those whom it lets in, percent. */
  variants: { name: string; percent: number }[];
}

/** All environments of a flag, the console's own first. */
export function environmentViews(
  state: FlagState,
  declared: FlagDeclaration | null,
  around: { first: string; flags: ReadonlyMap<string, FlagState>; segments: SegmentNames },
): EnvironmentView[] {
  const shares = flagShares(state, declared, around);
  return here(state.environments, around.first).map((environment, index) => {
    const name = environment.environment;
    const parents = parentStates(state, name, around.flags);
    const exposure = effectiveExposure(environment, around.segments, parents);
    const known = declared?.environments.find((one) => one.name === name);
    return {
      name,
      headline: exposureHeadline(exposure, name),
      share: shares[index]!,
      enabled: environment.enabled,
      protected: isProtected(declared, name, around.first),
      declared: known !== undefined,
      strategies: strategyViews(environment, around.segments),
      begins: known?.strategies ? defaultWords(known.strategies) : null,
      parents: parents
        .filter((parent) => !parent.state || (!parent.state.enabled && parent.needs !== 'off'))
        .map((parent) => `Its parent ${parent.flag} is ${parent.state ? 'off' : 'not there'}: nobody gets it.`),
      now: settingOf(environment),
      back: { slo: provingSlo(declared, name, around.first), byStages: backByStages(state.flag, name) },
    };
  });
}

function settingOf(environment: FlagEnvironmentState): EnvironmentView['now'] {
  const strategies = environment.strategies.filter(isUnconditional);
  const plain = effectiveExposure({ ...environment, strategies }, {});
  // Without any strategy a flag that is on is on for everyone; with conditional ones alone it is not.
  const percent = strategies.length === 0 && environment.strategies.length > 0 ? 0 : plain.percent;
  return { percent: Math.round(percent), variants: variantSharesText(managedStrategy(environment)?.variants ?? []) };
}

function strategyViews(environment: FlagEnvironmentState, segments: SegmentNames): StrategyView[] {
  return environment.strategies.map((strategy) => ({
    id: strategy.id,
    text: describeStrategy({ ...strategy, variants: [] }, segments),
    title: strategy.title || null,
    disabled: strategy.disabled === true,
    group: groupOf(strategy),
    variants: variantShares(strategy),
  }));
}

function groupOf({ name, parameters }: FlagStrategy): string | null {
  return name === 'flexibleRollout' && parameters.groupId ? parameters.groupId : null;
}

function variantShares({ variants }: FlagStrategy): StrategyView['variants'] {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  return variants.map(({ name, weight }) => ({
    name,
    percent: total === 0 ? 0 : Math.round((weight / total) * 10_000) / 100,
  }));
}

/** Names of the segments that SDKs are served. */
export function segmentNames(served: unknown): SegmentNames {
  const segments = (served as { segments?: { id?: unknown; name?: unknown }[] } | null)?.segments ?? [];
  return Object.fromEntries(segments.flatMap(({ id, name }) => (typeof name === 'string' ? [[id, name]] : [])));
}
