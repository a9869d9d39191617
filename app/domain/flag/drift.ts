import { defaultWords, mayBegin } from './default-strategies.ts';
import type { FlagDeclaration, FlagState } from './flag.ts';

/** One way in which a flag's file and Unleash differ, and how either side would be brought to the other. */
export interface Drift {
  flag: string;
  kind: 'not in Unleash' | 'not declared' | 'archived' | 'type' | 'description' | 'environment' | 'strategies';
  /** What differs, one sentence. */
  text: string;
  /** What makes Unleash follow the file. */
  inUnleash: string;
  /** What makes the file follow Unleash. */
  inFile: string;
  /** Of strategies and environments: which one. */
  environment?: string;
}

/**
 * Where the declarations and Unleash differ, flags in order of their names. What a file says of strategies is what a flag
 * begins with: those that it has are Unleash's own.
 */
export function flagDrift(declared: readonly FlagDeclaration[], states: readonly FlagState[]): Drift[] {
  const known = new Map(states.map((state) => [state.flag, state]));
  const names = new Set(declared.map(({ name }) => name));
  const all = [
    ...declared.flatMap((declaration) => driftOf(declaration, known.get(declaration.name) ?? null)),
    ...states.filter(({ flag, archived }) => !archived && !names.has(flag)).map(undeclared),
  ];
  return all.sort((a, b) => (a.flag < b.flag ? -1 : a.flag > b.flag ? 1 : 0));
}

function undeclared({ flag }: FlagState): Drift {
  return {
    flag,
    kind: 'not declared',
    text: 'Unleash has it, no file declares it: its owner and safe state are unknown.',
    inUnleash: 'archive it, once no application asks for it',
    inFile: `declare it in flags/${flag}.yaml`,
  };
}

function driftOf(declaration: FlagDeclaration, state: FlagState | null): Drift[] {
  const flag = declaration.name;
  if (!state)
    return [
      {
        flag,
        kind: 'not in Unleash',
        text: 'It is declared, and Unleash does not have it: applications get their fallback.',
        inUnleash: `create it as ${declaration.type}, off everywhere`,
        inFile: 'delete its file',
      },
    ];
  if (state.archived)
    return [
      {
        flag,
        kind: 'archived',
        text: 'It is archived in Unleash: applications get their fallback.',
        inUnleash: 'revive it; it comes back off',
        inFile: 'delete its file',
      },
    ];
  const drifts: Drift[] = [];
  if (state.type !== declaration.type)
    drifts.push({
      flag,
      kind: 'type',
      text: `The file says ${declaration.type}, Unleash says ${state.type}.`,
      inUnleash: `set its type to ${declaration.type}`,
      inFile: `write type: ${state.type}`,
    });
  if (oneLine(state.description) !== oneLine(declaration.description))
    drifts.push({
      flag,
      kind: 'description',
      text: `The file says ${quoted(declaration.description)}, Unleash says ${quoted(state.description)}.`,
      inUnleash: 'set its description to that of the file',
      inFile: "write Unleash's description",
    });
  return [...drifts, ...environmentDrift(declaration, state), ...strategyDrift(declaration, state)];
}

/** Where a flag has none of the strategies that it is to begin with: switched on there, it would be everyone's at once. */
function strategyDrift({ name: flag, environments }: FlagDeclaration, state: FlagState): Drift[] {
  return environments.flatMap(({ name, strategies }): Drift[] => {
    const real = state.environments.find(({ environment }) => environment === name);
    if (!strategies || !real || !mayBegin(real)) return [];
    return [
      {
        ...{ flag, kind: 'strategies', environment: name },
        text: `It has no strategy in ${name}: switched on there, everyone would get it.`,
        inUnleash: `let it begin with ${defaultWords(strategies)}; it stays off`,
        inFile: 'take its strategies out',
      },
    ];
  });
}

function environmentDrift({ name: flag, environments }: FlagDeclaration, state: FlagState): Drift[] {
  const declared = new Set(environments.map(({ name }) => name));
  const real = new Map(state.environments.map((each) => [each.environment, each.enabled]));
  const missing = [...declared].filter((name) => !real.has(name));
  const extra = [...real].filter(([name, on]) => on && !declared.has(name)).map(([name]) => name);
  return [
    ...missing.map(
      (name): Drift => ({
        ...{ flag, kind: 'environment', environment: name },
        text: `It is declared in ${name}, an environment that its Unleash project does not have.`,
        inUnleash: `add the environment ${name} to the project`,
        inFile: `take ${name} out of environments`,
      }),
    ),
    ...extra.map(
      (name): Drift => ({
        ...{ flag, kind: 'environment', environment: name },
        text: `It is on in ${name}, where its file does not declare it.`,
        inUnleash: `switch it off in ${name}`,
        inFile: `add { name: ${name} } to environments`,
      }),
    ),
  ];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function quoted(text: string): string {
  const line = oneLine(text);
  return line === '' ? 'nothing' : `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
}
