import type { ParentState } from './exposure-range.ts';
import type { FlagState } from './flag.ts';

/** How the parents of a flag stand in an environment; `flags` are all that Unleash has. */
export function parentStates(
  flag: FlagState,
  environment: string,
  flags: ReadonlyMap<string, FlagState>,
): ParentState[] {
  return flag.parents.map((name) => {
    const parent = flags.get(name);
    const state = parent?.environments.find((one) => one.environment === environment);
    const usable = parent && parent.parents.length === 0 && !parent.archived;
    return { flag: name, needs: flag.parentNeeds?.[name] ?? 'on', state: (usable && state) || null };
  });
}
