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
