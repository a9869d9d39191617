import { RE2JS } from 're2js';
import { inCidr } from './address.ts';
import { contextText, type EvaluationContext } from './context.ts';
import type { ServedConstraint } from './features.ts';
import { compareVersions } from './version.ts';

/** Who asks, and what an SDK takes from the machine it runs on. */
export interface Asker {
  context: EvaluationContext;
  /** The machine's time, ms since the epoch, for a context without `currentTime`. */
  now: number;
  /** The machine's name, for the strategy applicationHostname; null when no machine is meant. */
  host: string | null;
}

/** True when the context meets the constraint, as the Node SDK judges it: an operator that it does not know is never met. */
export function meets(constraint: ServedConstraint, asker: Asker): boolean {
  const judge = judges.get(constraint.operator);
  return judge !== undefined && judge(constraint, asker) !== (constraint.inverted === true);
}

/** True for an operator that the Node SDK knows. */
export function isKnown(operator: string): boolean {
  return judges.has(operator);
}

/** The time a date constraint compares with, ms since the epoch. */
export function timeOf({ context, now }: Asker): number {
  return context.currentTime ? new Date(context.currentTime).getTime() : now;
}

type Judge = (constraint: ServedConstraint, asker: Asker) => boolean;

const isIn: Judge = (constraint, { context }) => {
  const asked = contextText(context, constraint.contextName);
  return listOf(constraint).some((value) => value === asked);
};

const judges = new Map<string, Judge>(
  Object.entries<Judge>({
    IN: isIn,
    NOT_IN: (constraint, asker) => !isIn(constraint, asker),
    STR_STARTS_WITH: text((asked, value) => asked.startsWith(value)),
    STR_ENDS_WITH: text((asked, value) => asked.endsWith(value)),
    STR_CONTAINS: text((asked, value) => asked.includes(value)),
    REGEX: regex,
    IN_CIDR: (constraint, { context }) => {
      const asked = contextText(context, constraint.contextName);
      return asked !== undefined && inCidr(asked, listOf(constraint));
    },
    NUM_EQ: numbers((asked, value) => asked === value),
    NUM_GT: numbers((asked, value) => asked > value),
    NUM_GTE: numbers((asked, value) => asked >= value),
    NUM_LT: numbers((asked, value) => asked < value),
    NUM_LTE: numbers((asked, value) => asked <= value),
    DATE_AFTER: dates((asked, value) => asked > value),
    DATE_BEFORE: dates((asked, value) => asked < value),
    SEMVER_EQ: versions((order) => order === 0),
    SEMVER_GT: versions((order) => order > 0),
    SEMVER_GTE: versions((order) => order >= 0),
    SEMVER_LT: versions((order) => order < 0),
    SEMVER_LTE: versions((order) => order <= 0),
  }),
);

function listOf({ values }: ServedConstraint): string[] {
  return (values ?? []).filter((value) => value !== '').map((value) => value.trim());
}

function text(holds: (asked: string, value: string) => boolean): Judge {
  return (constraint, { context }) => {
    const asked = contextText(context, constraint.contextName);
    const fold = (one: string) => (constraint.caseInsensitive ? one.toLocaleLowerCase() : one);
    return asked !== undefined && listOf(constraint).some((value) => holds(fold(asked), fold(value)));
  };
}

function regex({ contextName, value, caseInsensitive }: ServedConstraint, { context }: Asker): boolean {
  const asked = contextText(context, contextName);
  if (asked === undefined || typeof value !== 'string') return false;
  try {
    return RE2JS.compile(value, caseInsensitive ? RE2JS.CASE_INSENSITIVE : undefined)
      .matcher(asked)
      .find();
  } catch {
    return false;
  }
}

/** As JavaScript reads numbers: "" is 0, "12a" is none. */
function numbers(holds: (asked: number, value: number) => boolean): Judge {
  return ({ contextName, value }, { context }) => {
    const pair = [Number(contextText(context, contextName)), value === undefined ? Number.NaN : Number(value)] as const;
    return holds(...pair);
  };
}

function dates(holds: (asked: number, value: number) => boolean): Judge {
  return ({ value }, asker) => holds(timeOf(asker), value === undefined ? Number.NaN : new Date(value ?? 0).getTime());
}

/** The context's version takes no leading v; the constraint's does. */
function versions(holds: (order: number) => boolean): Judge {
  return ({ contextName, value }, { context }) => {
    const asked = contextText(context, contextName);
    if (!asked || asked.startsWith('v') || typeof value !== 'string') return false;
    const order = compareVersions(asked, value);
    return order !== null && holds(order);
  };
}
