import { canonicalValue } from '../audit/canonical.ts';
import type { DefaultStrategy } from './default-strategies.ts';
import type { Drift } from './drift.ts';
import type { FlagDeclaration, FlagState } from './flag.ts';

/** One write that makes Unleash's definition of a flag follow its file. None of them changes who gets a flag. */
export type DefinitionWrite =
  /** Off everywhere, with what it begins with in environments that Unleash has. */
  | { kind: 'create'; flag: string; type: string; description: string; begins: Beginning[] }
  /** It is off there and has no strategy, and stays off. */
  | ({ kind: 'begin'; flag: string } & Beginning)
  /** It comes back off in every environment. */
  | { kind: 'revive'; flag: string }
  | { kind: 'define'; flag: string; type: string; description: string; seen: { type: string; description: string } };

/** The strategies that a flag begins with in an environment. */
export interface Beginning {
  environment: string;
  strategies: DefaultStrategy[];
}

/** One value of a flag's file that follows Unleash. */
export interface DeclarationEdit {
  flag: string;
  path: readonly ['spec', 'type' | 'description'];
  value: string;
}

/** What each direction would do about the drift, and what is left to a person either way. */
export interface Reconciliation {
  toUnleash: { writes: DefinitionWrite[]; left: Drift[] };
  toFiles: { edits: DeclarationEdit[]; left: Drift[] };
}

/**
 * Both ways out of a drift. Archiving, environments and new files are left to a person: whether anybody still asks for a
 * flag, who owns it and what is safe cannot be read from either side.
 */
export function reconcile(
  declared: readonly FlagDeclaration[],
  states: readonly FlagState[],
  drift: readonly Drift[],
): Reconciliation {
  const files = new Map(declared.map((one) => [one.name, one]));
  const real = new Map(states.map((one) => [one.flag, one]));
  const made: Reconciliation = { toUnleash: { writes: [], left: [] }, toFiles: { edits: [], left: [] } };
  const defined = new Set<string>();
  for (const one of drift) {
    const { flag, kind } = one;
    const [file, state] = [files.get(flag), real.get(flag)];
    if (kind === 'type' || kind === 'description') {
      if (!file || !state) continue;
      const [was, is] = [definitionOf(state), definitionOf(file)];
      if (!defined.has(flag)) made.toUnleash.writes.push({ kind: 'define', flag, ...is, seen: was });
      defined.add(flag);
      made.toFiles.edits.push({ flag, path: ['spec', kind], value: was[kind] });
      continue;
    }
    if (kind === 'not in Unleash' && file)
      made.toUnleash.writes.push({ kind: 'create', flag, ...definitionOf(file), begins: beginnings(file) });
    else if (kind === 'strategies' && file)
      made.toUnleash.writes.push(
        ...beginnings(file)
          .filter(({ environment }) => environment === one.environment)
          .map((begins): DefinitionWrite => ({ kind: 'begin', flag, ...begins })),
      );
    else if (kind === 'archived') made.toUnleash.writes.push({ kind: 'revive', flag });
    else made.toUnleash.left.push(one);
    made.toFiles.left.push(one);
  }
  return made;
}

/** What a reconciliation is bound to: the same text whenever it would do the same to the same. */
export function reconciliationText(made: Reconciliation): string {
  return JSON.stringify(canonicalValue(made));
}

function definitionOf({ type, description }: { type: string; description: string }) {
  return { type, description: description.trim() };
}

function beginnings({ environments }: FlagDeclaration): Beginning[] {
  return environments.flatMap(({ name, strategies }) => (strategies ? [{ environment: name, strategies }] : []));
}
