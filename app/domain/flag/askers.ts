import { isKnown, meets } from './evaluation/constraint.ts';
import type { EvaluationContext } from './evaluation/context.ts';
import { constraintSchema, type ServedConstraint } from './evaluation/features.ts';
import type { FlagStrategy } from './flag.ts';

/** Something about who asks that is true or false, by a key that is the same wherever it is asked. */
export interface Condition {
  key: string;
  /** What it must be. */
  is: boolean;
  /** The constraint behind it, not inverted; null for what nothing more is known of (a segment, a list of hosts). */
  constraint: ServedConstraint | null;
}

/** Who may ask: for each kind of asker which conditions hold. Null when there are too many kinds to look at each. */
export type Askers = ReadonlyMap<string, boolean>[] | null;

const most = 4096;

/** What a strategy asks of the asker before its percentage counts; null when nobody can meet it. */
export function conditionsOf(strategy: FlagStrategy): Condition[] | null {
  const conditions: Condition[] = strategy.segments.map((id) => ({ key: `segment ${id}`, is: true, constraint: null }));
  for (const raw of [...strategy.constraints, ...listAsConstraint(strategy)]) {
    const read = constraintSchema.safeParse(raw);
    if (!read.success) conditions.push({ key: JSON.stringify(raw), is: true, constraint: null });
    else if (!isKnown(read.data.operator)) return null;
    else conditions.push(plain(read.data));
  }
  const { IPs, hostNames } = strategy.parameters;
  const other = { remoteAddress: IPs, applicationHostname: hostNames }[strategy.name];
  if (['remoteAddress', 'applicationHostname'].includes(strategy.name)) {
    if (!other) return null;
    conditions.push({ key: `${strategy.name} ${other}`, is: true, constraint: null });
  } else if (!standard.test(strategy.name)) {
    conditions.push({ key: `${strategy.name} ${JSON.stringify(strategy.parameters)}`, is: true, constraint: null });
  }
  return conditions;
}

const standard = /^(default|flexibleRollout|userWithId|gradualRollout(UserId|SessionId|Random))$/;

function listAsConstraint({ name, parameters }: FlagStrategy): unknown[] {
  if (name !== 'userWithId') return [];
  return [{ contextName: 'userId', operator: 'IN', values: (parameters.userIds ?? '').split(',') }];
}

/** "is not DK" is "is DK" the other way round. */
function plain(constraint: ServedConstraint): Condition {
  const negated = constraint.operator === 'NOT_IN';
  const base = { ...constraint, operator: negated ? 'IN' : constraint.operator, inverted: false };
  const { contextName, operator, value, caseInsensitive } = base;
  const values = [...new Set((base.values ?? []).map((one) => one.trim()).filter(Boolean))].sort();
  const key = JSON.stringify([contextName, operator, values, value ?? null, caseInsensitive === true]);
  return { key, is: (constraint.inverted === true) === negated, constraint: { ...base, values } };
}

/**
 * All kinds of askers that these conditions tell apart. Lists of values, numbers and dates of one field are looked at
 * together, so that nobody is both in Denmark and in Sweden; any other condition may hold or not, whatever the others do.
 */
export function kindsOfAskers(conditions: readonly Condition[]): Askers {
  const byKey = new Map(conditions.map((condition) => [condition.key, condition.constraint]));
  const groups = new Map<string, [string, ServedConstraint][]>();
  for (const [key, constraint] of byKey) {
    if (!constraint) continue;
    const field = constraint.operator.startsWith('DATE_') ? 'the time' : `field ${constraint.contextName}`;
    groups.set(field, [...(groups.get(field) ?? []), [key, constraint]]);
  }
  let kinds: ReadonlyMap<string, boolean>[] = [new Map()];
  const cross = (options: ReadonlyMap<string, boolean>[]): boolean => {
    if (kinds.length * options.length > most) return false;
    kinds = kinds.flatMap((kind) => options.map((option) => new Map([...kind, ...option])));
    return true;
  };
  const either = (key: string) => cross([new Map([[key, true]]), new Map([[key, false]])]);
  for (const group of groups.values()) {
    const options = optionsOf(group);
    if (options ? !cross(options) : !group.every(([key]) => either(key))) return null;
  }
  for (const [key, constraint] of byKey) if (!constraint && !either(key)) return null;
  return kinds;
}

/** The combinations that values of one field can give; null when the operators allow no complete list. */
function optionsOf(group: [string, ServedConstraint][]): ReadonlyMap<string, boolean>[] | null {
  const operators = group.map(([, { operator }]) => operator);
  const ask = (context: EvaluationContext, now = 0) =>
    new Map(group.map(([key, constraint]) => [key, meets(constraint, { context, now, host: null })]));
  const numbers = (read: (constraint: ServedConstraint) => number) => between(group.map(([, each]) => read(each)));
  const field = group[0]![1].contextName;
  const options = operators.every((operator) => operator === 'IN')
    ? memberships(group)
    : operators.every((operator) => operator.startsWith('NUM_'))
      ? [ask({}), ...numbers(({ value }) => Number(value)).map((value) => ask({ [field]: value }))]
      : operators.every((operator) => operator.startsWith('DATE_'))
        ? numbers(({ value }) => new Date(value ?? 0).getTime()).map((now) => ask({}, now))
        : null;
  return options && [...new Map(options.map((option) => [[...option.values()].join(), option])).values()];
}

/** For each value of these lists, and for one of none, which lists hold it. Lists of users may be long. */
function memberships(group: [string, ServedConstraint][]): Map<string, boolean>[] {
  const sets = group.map(([key, { values }]) => [key, new Set(values)] as const);
  const all = new Set<string | null>([null, ...sets.flatMap(([, set]) => [...set])]);
  return [...all].map((value) => new Map(sets.map(([key, set]) => [key, value !== null && set.has(value)])));
}

/** The numbers themselves, one between each two, one below and one above all. */
function between(values: number[]): number[] {
  const sorted = [...new Set(values.filter(Number.isFinite))].sort((a, b) => a - b);
  const middles = sorted.slice(1).map((value, index) => (value + sorted[index]!) / 2);
  return [...sorted, ...middles, (sorted[0] ?? 0) - 1, (sorted.at(-1) ?? 0) + 1];
}
