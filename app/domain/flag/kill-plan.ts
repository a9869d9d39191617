import type { FlagDeclaration, FlagEnvironmentState, FlagStrategy, SafeState } from './flag.ts';
import { everyoneStrategy, reachesEveryone } from './rollout.ts';

/** One write to a flag in one environment, done in the order given. */
export type FlagWrite =
  | { kind: 'enable' }
  | { kind: 'disable' }
  | { kind: 'add-strategy'; strategy: Omit<FlagStrategy, 'id'> }
  | { kind: 'update-strategy'; strategy: FlagStrategy }
  | { kind: 'remove-strategy'; id: string };

/** What a kill or a restore will do. No writes means that the flag is there already. */
export interface FlagPlan {
  before: FlagEnvironmentState;
  /** As it will read afterwards; strategies to be added have an empty id. */
  after: FlagEnvironmentState;
  writes: FlagWrite[];
}

/**
 * Brings a flag to its declared safe state. Off is one write. On adds the strategy for everyone first where none reaches
 * everyone: Unleash adds one of its own when a flag without a working strategy is enabled. A variant is put on every strategy.
 */
export function killPlan(state: FlagEnvironmentState, declaration: Pick<FlagDeclaration, 'safe'>): FlagPlan {
  const writes = safeWrites(state, declaration.safe);
  return { before: state, after: applyFlagWrites(state, writes), writes };
}

/** True when the flag is in its safe state now. */
export function isSafe(state: FlagEnvironmentState, safe: SafeState): boolean {
  return safeWrites(state, safe).length === 0;
}

/** What evaluations answer once the flag is safe. */
export function safeAnswer(safe: SafeState): boolean {
  return safe.state !== 'off';
}

/**
 * Goes back to exactly what was captured, from what stands there now: strategies first, the switch last when it turns
 * on and first when it turns off, so that nobody gets more on the way than at either end. A flag that was on with every
 * strategy switched off reached nobody and stays off: enabling it would make Unleash add everyone.
 */
export function restorePlan(captured: FlagEnvironmentState, current: FlagEnvironmentState): FlagPlan {
  const writes: FlagWrite[] = [];
  if (!captured.enabled && current.enabled) writes.push({ kind: 'disable' });
  for (const wanted of captured.strategies) {
    const found = current.strategies.find((strategy) => strategy.id === wanted.id);
    if (!found) writes.push({ kind: 'add-strategy', strategy: withoutId(wanted) });
    else if (!sameStrategy(found, wanted)) writes.push({ kind: 'update-strategy', strategy: wanted });
  }
  for (const strategy of current.strategies) {
    if (captured.strategies.some((wanted) => wanted.id === strategy.id)) continue;
    writes.push({ kind: 'remove-strategy', id: strategy.id });
  }
  const reachedSomebody = captured.strategies.some((strategy) => !strategy.disabled);
  if (captured.enabled && !current.enabled && reachedSomebody) writes.push({ kind: 'enable' });
  return { before: current, after: applyFlagWrites(current, writes), writes };
}

/** The state after some writes, as Unleash would answer: an added strategy has no id yet, a flag without strategies turns off. */
export function applyFlagWrites(state: FlagEnvironmentState, writes: FlagWrite[]): FlagEnvironmentState {
  let { enabled, strategies } = state;
  for (const write of writes) {
    if (write.kind === 'disable') enabled = false;
    else if (write.kind === 'enable') {
      enabled = true;
      if (strategies.every((strategy) => strategy.disabled)) {
        strategies = [...strategies, { id: '', ...everyoneStrategy(state.flag) }];
      }
    } else if (write.kind === 'add-strategy') strategies = [...strategies, { id: '', ...write.strategy }];
    else if (write.kind === 'update-strategy') {
      strategies = strategies.map((strategy) => (strategy.id === write.strategy.id ? write.strategy : strategy));
    } else {
      strategies = strategies.filter((strategy) => strategy.id !== write.id);
      if (strategies.length === 0) enabled = false;
    }
  }
  return { ...state, enabled, strategies };
}

/**
 * True when two states let in the same people in the same way. Ids of strategies do not count, nor does their order: one
 * that was removed and is given back comes last. A flag that is on with every strategy switched off is as good as off.
 */
export function sameFlagState(a: FlagEnvironmentState, b: FlagEnvironmentState): boolean {
  const shapes = ({ strategies }: FlagEnvironmentState) => strategies.map(shapeOf).sort().join('\n');
  const opens = ({ enabled, strategies }: FlagEnvironmentState) =>
    enabled && (strategies.length === 0 || strategies.some(({ disabled }) => !disabled));
  return opens(a) === opens(b) && shapes(a) === shapes(b);
}

/** The writes that make a flag safe; none when it is. */
function safeWrites(state: FlagEnvironmentState, safe: SafeState): FlagWrite[] {
  if (safe.state === 'off') return state.enabled ? [{ kind: 'disable' }] : [];
  const enable: FlagWrite[] = state.enabled ? [] : [{ kind: 'enable' }];
  const add = (variants: FlagStrategy['variants']): FlagWrite[] =>
    state.strategies.some(reachesEveryone)
      ? []
      : [{ kind: 'add-strategy', strategy: { ...everyoneStrategy(state.flag), variants } }];
  if (safe.state === 'on') return [...add([]), ...enable];
  const variants = [onlyVariant(state, safe.variant)];
  const updates = state.strategies
    .filter((strategy) => !strategy.disabled && !isOnly(strategy, safe.variant))
    .map((strategy): FlagWrite => ({ kind: 'update-strategy', strategy: { ...strategy, variants } }));
  return [...updates, ...add(variants), ...enable];
}

/** The variant at full weight, with the payload it has today. */
function onlyVariant(state: FlagEnvironmentState, name: string): FlagStrategy['variants'][number] {
  const known = state.strategies.flatMap((strategy) => strategy.variants).find((variant) => variant.name === name);
  return { stickiness: 'default', ...known, name, weight: 1000, weightType: 'variable' };
}

function isOnly(strategy: FlagStrategy, name: string): boolean {
  const weighted = strategy.variants.filter((variant) => variant.weight > 0);
  return weighted.length === 1 && weighted[0]!.name === name;
}

function withoutId(strategy: FlagStrategy): Omit<FlagStrategy, 'id'> {
  const { id: _id, ...rest } = strategy;
  return rest;
}

function sameStrategy(a: FlagStrategy, b: FlagStrategy): boolean {
  return shapeOf(a) === shapeOf(b);
}

function shapeOf(strategy: FlagStrategy): string {
  return canonical({ ...withoutId(strategy), title: strategy.title ?? null, disabled: strategy.disabled ?? false });
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
