import { canonicalValue } from '../audit/canonical.ts';
import { flagDrift } from './drift.ts';
import type { FlagDeclaration, FlagState } from './flag.ts';
import { type DefinitionWrite, reconcile } from './reconcile.ts';

/** What `flag.define` sets in one environment, as its plan keeps it. */
export interface DefinitionAfter {
  flag: string;
  environment: string;
  writes: DefinitionWrite[];
}

/**
 * The environment under whose rules is set what a flag is in all of them: its type, its description, that it is there. The
 * console's own where its file has it, else the first that is protected, else the first.
 */
export function homeEnvironment({ environments }: Pick<FlagDeclaration, 'environments'>, own: string): string {
  const found = environments.find(({ name }) => name === own) ?? environments.find((one) => one.protected);
  return (found ?? environments[0])?.name ?? own;
}

/** What makes Unleash follow a flag's file, by the environments under whose rules it is done. `state` is null where Unleash has no such flag. */
export function followFile(declared: FlagDeclaration, state: FlagState | null, own: string): DefinitionAfter[] {
  const [files, states] = [[declared], state ? [state] : []];
  const { writes } = reconcile(files, states, flagDrift(files, states)).toUnleash;
  const home = homeEnvironment(declared, own);
  const placed = Map.groupBy(writes, (write) => (write.kind === 'begin' ? write.environment : home));
  return [...placed].map(([environment, some]) => ({ flag: declared.name, environment, writes: some }));
}

/** True when the same would be written over the same. */
export function sameWrites(one: readonly DefinitionWrite[], other: readonly DefinitionWrite[]): boolean {
  return JSON.stringify(canonicalValue(one)) === JSON.stringify(canonicalValue(other));
}

/**
 * Of writes that were made, those that Unleash does not show: `now` is what would have to be written today, in all environments.
 * What else differs by then was not theirs to change: a flag that comes back may have another type than its file.
 */
export function notTaken(made: readonly DefinitionWrite[], now: readonly DefinitionWrite[]): DefinitionWrite[] {
  const begins = new Set(now.flatMap((write) => (write.kind === 'begin' ? [write.environment] : [])));
  const kinds = new Set(now.map(({ kind }) => kind));
  // What is not there, or lies in the archive, shows nothing.
  if (kinds.has('create') || kinds.has('revive')) return [...made];
  return made.filter((write) => {
    if (write.kind === 'begin') return begins.has(write.environment);
    if (write.kind === 'create' && write.begins.some(({ environment }) => begins.has(environment))) return true;
    return kinds.has(write.kind);
  });
}
