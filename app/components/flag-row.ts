import type { Change } from '../domain/change/change.ts';
import { type Exposure, effectiveExposure, exposureShare } from '../domain/flag/exposure.ts';
import type { FlagDeclaration, FlagState, SafeState } from '../domain/flag/flag.ts';
import { isSafe } from '../domain/flag/kill-plan.ts';
import { parentStates } from '../domain/flag/parents.ts';
import type { FollowUp } from '../domain/follow-up/follow-up.ts';

/** A flag as the list shows it. */
export interface FlagRow {
  name: string;
  title: string;
  type: FlagDeclaration['type'];
  service: string;
  owners: string[];
  safe: string;
  expires: string | null;
  environments: { name: string; text: string; share: FlagShare | null; on: boolean; safe: boolean }[];
  lastChange: { at: number; title: string; actor: string | null } | null;
  /** It was made safe and nobody has cleared that yet. */
  leftBehind: boolean;
}

/** The effective exposure as one number, where the words do not begin with it. */
export interface FlagShare {
  /** "12.5 %", "5–25 %". */
  number: string;
  dependsOnWhoAsks: boolean;
}

/** Joins a declaration with the state in Unleash; without a state its environments are unknown. */
export function flagRow(
  declaration: FlagDeclaration,
  state: FlagState | null,
  changes: Change[],
  followUps: Pick<FollowUp, 'target' | 'clearedAt'>[],
  /** The environment that stands first: the one this console is about. */
  first: string,
  flags: ReadonlyMap<string, FlagState> = new Map(),
): FlagRow {
  const { name, title, type, service, owners, safe, expires } = declaration;
  const last = changes.find((change) => change.kind === 'flag' && change.target === name);
  return {
    name,
    title,
    type,
    service,
    owners,
    safe: safeWords(safe),
    expires,
    environments: here(state?.environments ?? [], first).map((environment) => {
      const parents = state ? parentStates(state, environment.environment, flags) : [];
      const exposure = effectiveExposure(environment, {}, parents);
      return {
        name: environment.environment,
        text: exposure.text,
        share: shareOf(exposure),
        on: exposure.on,
        safe: isSafe(environment, safe),
      };
    }),
    lastChange: last ? { at: last.at, title: withoutName(last.title, name), actor: last.actor } : null,
    leftBehind: followUps.some(
      (each) => each.clearedAt === null && each.target.startsWith('flag/') && each.target.endsWith(`/${name}`),
    ),
  };
}

function shareOf(exposure: Exposure): FlagShare | null {
  const number = exposureShare(exposure);
  const said = !exposure.on || exposure.text === 'on · everyone' || exposure.text.startsWith(`on · ${number} of`);
  return said && !exposure.bounded ? null : { number, dependsOnWhoAsks: exposure.bounded };
}

/** A safe state in words: "off", "on", "variant basic". */
function safeWords(safe: SafeState): string {
  return safe.state === 'variant' ? `variant ${safe.variant}` : safe.state;
}

function here<T extends { environment: string }>(environments: T[], first: string): T[] {
  return [...environments].sort((a, b) => Number(b.environment === first) - Number(a.environment === first));
}

/** "turned on in production": whose change it is stands beside it. */
function withoutName(title: string, name: string): string {
  return title.startsWith(`${name} `) ? title.slice(name.length + 1) : title;
}
