import { type Condition, conditionsOf, kindsOfAskers } from './askers.ts';
import type { FlagEnvironmentState, FlagStrategy } from './flag.ts';
import { strategyPercent } from './rollout.ts';

/** How a parent of a flag stands, and how the flag needs it. */
export interface ParentState {
  flag: string;
  needs: 'on' | 'off' | 'a variant';
  /** Null when Unleash does not have it, or it has a parent itself: then SDKs answer off for its children. */
  state: FlagEnvironmentState | null;
}

/** Shares in percent of those who ask, over all kinds of askers. */
export interface ExposureRange {
  least: number;
  most: number;
}

/** A strategy as it counts: how many of 100 it lets in, on which scale, of whom. */
interface Part {
  percent: number;
  scale: string;
  conditions: Condition[];
}

/** The work doubles with each parent. */
const mostParents = 8;

/** Holds for askers without a user: then what sticks by default sticks to the session. */
const anonymous = 'asks without a user';

/**
 * The share of askers that get a flag: the union of its strategies, and its parents as it needs them. Rollouts on one
 * scale (group and stickiness) put each asker at the same place, so the larger holds the smaller; rollouts on different
 * scales are independent. What constraints, segments and lists decide makes it a range over the kinds of askers. An
 * asker is taken to carry the fields that rollouts stick to.
 */
export function exposureRange(
  state: Pick<FlagEnvironmentState, 'enabled' | 'strategies'>,
  parents: readonly ParentState[] = [],
): ExposureRange {
  if (!state.enabled || parents.some((parent) => !parent.state)) return { least: 0, most: 0 };
  const all = [partsOf(state, 0), ...parents.map((parent, index) => partsOf(parent.state!, index + 1))];
  const on = all.filter((_, index) => index === 0 || parents[index - 1]!.needs !== 'off');
  const off = all.filter((parts) => !on.includes(parts));
  const scales = all.flat().map(({ scale }) => scale);
  const asksSessions = scales.some((scale) => scale.startsWith('sessionId '));
  const asksUsers = scales.some((scale) => scale.startsWith('userId '));
  const either = asksSessions && !asksUsers ? [{ key: anonymous, is: true, constraint: null }] : [];
  const kinds =
    parents.length > mostParents
      ? null
      : kindsOfAskers([...either, ...all.flat().flatMap(({ conditions }) => conditions)]);
  if (!kinds) return roughly(all[0]!, parents.length > 0);
  const shares = kinds.map((kind) => {
    const meant = (parts: Part[]) =>
      parts
        .filter(({ conditions }) => conditions.every(({ key, is }) => kind.get(key) === is))
        .map((part) => ({ ...part, scale: resolved(part.scale, kind.get(anonymous) === true) }));
    return together(on.map(meant), off.map(meant));
  });
  const least = parents.some(({ needs }) => needs === 'a variant') ? 0 : Math.min(...shares);
  return { least: percentOf(least), most: percentOf(Math.max(...shares)) };
}

/** A flag that is on without a strategy is on for everyone; switched-off strategies let in nobody. */
function partsOf(state: Pick<FlagEnvironmentState, 'enabled' | 'strategies'>, owner: number): Part[] {
  if (!state.enabled) return [];
  if (state.strategies.length === 0) return [{ percent: 100, scale: `everyone ${owner}`, conditions: [] }];
  return state.strategies
    .filter(({ disabled }) => !disabled)
    .flatMap((strategy, index) => {
      const conditions = conditionsOf(strategy);
      const percent = strategyPercent(strategy) ?? 100;
      return conditions ? [{ percent, scale: scaleOf(strategy, `${owner} ${index}`), conditions }] : [];
    });
}

function scaleOf({ name, parameters }: FlagStrategy, own: string): string {
  const { groupId = '' } = parameters;
  if (name === 'gradualRolloutUserId') return `userId ${groupId}`;
  if (name === 'gradualRolloutSessionId') return `sessionId ${groupId}`;
  if (name !== 'flexibleRollout') return `own ${own}`;
  const stickiness = parameters.stickiness || 'default';
  return stickiness === 'random' ? `own ${own}` : `${stickiness} ${groupId}`;
}

/** By default a rollout sticks to the user, else to the session. */
function resolved(scale: string, withoutUser: boolean): string {
  return scale.startsWith('default ') ? `${withoutUser ? 'sessionId' : 'userId'} ${scale.slice(8)}` : scale;
}

/** The chance that each flag of `on` is on and each of `off` is off, by inclusion and exclusion over who stays out. */
function together(on: Part[][], off: Part[][]): number {
  let share = 0;
  for (let chosen = 0; chosen < 2 ** on.length; chosen++) {
    const outside = on.filter((_, index) => chosen & (1 << index));
    share += (outside.length % 2 === 0 ? 1 : -1) * allOut([...outside, ...off].flat());
  }
  return share;
}

/** The chance that none of these lets one in. */
function allOut(parts: Part[]): number {
  const byScale = new Map<string, number>();
  for (const { scale, percent } of parts) byScale.set(scale, Math.max(byScale.get(scale) ?? 0, percent));
  return [...byScale.values()].reduce((rest, percent) => rest * (1 - percent / 100), 1);
}

/** Bounds that hold whatever the conditions are, for flags with more of them than can be told apart. */
function roughly(parts: Part[], child: boolean): ExposureRange {
  const plain = parts.filter(({ conditions }) => conditions.length === 0);
  return { least: child ? 0 : percentOf(1 - allOut(plain)), most: percentOf(1 - allOut(parts)) };
}

function percentOf(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
}
