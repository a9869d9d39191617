import type { Change } from '../../domain/change/change.ts';
import { flagDrift } from '../../domain/flag/drift.ts';
import { effectiveExposure, exposureShare } from '../../domain/flag/exposure.ts';
import type { FlagDeclaration, FlagState } from '../../domain/flag/flag.ts';
import { isSafe } from '../../domain/flag/kill-plan.ts';
import { staleReasons } from '../../domain/flag/lifecycle.ts';
import { parentStates } from '../../domain/flag/parents.ts';
import { safeWords } from '../../domain/flag/safe-words.ts';
import type { FollowUp } from '../../domain/follow-up/follow-up.ts';

/** A flag as the list shows it. */
export interface FlagRow {
  name: string;
  title: string;
  type: string;
  /** Null where no file declares it. */
  service: string | null;
  owners: string[];
  /** Its safe state in words; null where no file declares it. */
  safe: string | null;
  /** The console's own environment first; none where Unleash does not have the flag, or was not read yet. */
  environments: FlagShare[];
  /** Unleash was read, and does not have it. */
  missing: boolean;
  /** Applications that reported an evaluation in the last hours; null while that was never read. */
  applications: string[] | null;
  lastChange: { at: number; title: string; actor: string | null } | null;
  /** It was made safe and nobody has cleared that yet. */
  killed: boolean;
  /** Why it ought to be cleaned up. */
  stale: string[];
  /** What its file says otherwise than Unleash, a sentence each; none where only one of them has it. */
  drift: string[];
}

/** Who gets a flag in one environment. */
export interface FlagShare {
  name: string;
  /** The effective exposure as one number: "25 %", "5–25 %", "off". */
  number: string;
  /** The most that anybody gets, percent: what a list is sorted by. */
  most: number;
  /** Of whom, without the number where the words begin with it. */
  words: string;
  dependsOnWhoAsks: boolean;
  /** It is in its declared safe state. */
  safe: boolean;
}

/** What the rows of a list have in common. */
export interface FlagSurroundings {
  now: number;
  /** The environment that stands first: the one this console is about. */
  first: string;
  /** False before Unleash was first read. */
  read: boolean;
  /** All flags that Unleash has. */
  flags: ReadonlyMap<string, FlagState>;
  /** The newest change of each flag. */
  changes: readonly Change[];
  followUps: readonly Pick<FollowUp, 'target' | 'clearedAt'>[];
  /** Applications by flag; null while usage was never read. */
  applications: ReadonlyMap<string, string[]> | null;
}

/** What rows have in common, from what was read; `read` null before the first reading of Unleash, and so for `usage`. */
export function surroundings(
  read: FlagState[] | null,
  usage: Record<string, string[]> | null,
  known: Pick<FlagSurroundings, 'now' | 'first' | 'changes' | 'followUps'>,
): FlagSurroundings {
  const flags = new Map((read ?? []).filter((each) => !each.archived).map((each) => [each.flag, each]));
  return { ...known, read: read !== null, flags, applications: usage && new Map(Object.entries(usage)) };
}

/** Joins a declaration with the state in Unleash; one of them may be missing. */
export function flagRow(
  { name, declared, state }: { name: string; declared: FlagDeclaration | null; state: FlagState | null },
  around: FlagSurroundings,
): FlagRow {
  const last = around.changes.find((change) => change.kind === 'flag' && change.target === name);
  return {
    name,
    title: declared?.title ?? name,
    type: declared?.type ?? state?.type ?? '',
    service: declared?.service ?? null,
    owners: declared?.owners ?? [],
    safe: declared ? safeWords(declared.safe) : null,
    environments: state ? flagShares(state, declared, around) : [],
    missing: state === null && around.read,
    applications: around.applications && (around.applications.get(name) ?? []),
    lastChange: last ? { at: last.at, title: withoutName(last.title, name), actor: last.actor } : null,
    killed: around.followUps.some(({ clearedAt, target }) => clearedAt === null && isOfFlag(target, name)),
    stale: staleReasons(declared, state, around.now),
    drift: declared && state ? flagDrift([declared], [state]).map(({ text }) => text) : [],
  };
}

/** Who gets a flag in each environment, the console's own first. */
export function flagShares(
  state: FlagState,
  declared: Pick<FlagDeclaration, 'safe'> | null,
  { first, flags }: Pick<FlagSurroundings, 'first' | 'flags'>,
): FlagShare[] {
  return here(state.environments, first).map((environment) => {
    const exposure = effectiveExposure(environment, {}, parentStates(state, environment.environment, flags));
    const number = exposure.on ? exposureShare(exposure) : 'off';
    const words = exposure.text.replace(/^on · /, '');
    return {
      name: environment.environment,
      number,
      most: exposure.most,
      words: !exposure.on ? '' : words.startsWith(`${number} `) ? words.slice(number.length + 1) : words,
      dependsOnWhoAsks: exposure.bounded,
      safe: declared !== null && isSafe(environment, declared.safe),
    };
  });
}

/** True for the lock target of a flag in any environment. */
export function isOfFlag(target: string, flag: string): boolean {
  return target.startsWith('flag/') && target.endsWith(`/${flag}`);
}

/** Environments with the console's own first. */
export function here<T extends { environment: string }>(environments: readonly T[], first: string): T[] {
  return [...environments].sort((a, b) => Number(b.environment === first) - Number(a.environment === first));
}

/** "turned on in production": whose change it is stands beside it. */
function withoutName(title: string, name: string): string {
  return title.startsWith(`${name} `) ? title.slice(name.length + 1) : title;
}
