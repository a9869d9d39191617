import { stringify } from 'yaml';
import type { Drift } from './drift.ts';
import type { FlagDeclaration, FlagState } from './flag.ts';

/** What somebody does to a flag's file so that it says what Unleash has. Git is theirs: nothing of ours writes it. */
export interface FileChange {
  /** "flags/new-timeline.yaml, line 6: in place of what stands there". */
  where: string;
  /** The very lines, indented as they stand in the file; null where lines are only taken out. */
  yaml: string | null;
}

/** The change of a file that a difference asks for; null while it is not known where the flag is written. */
export function fileChange(drift: Drift, declared: FlagDeclaration | null, state: FlagState | null): FileChange | null {
  if (drift.kind === 'not declared')
    return { where: `flags/${drift.flag}.yaml, a new file: fill in whose it is`, yaml: state && newFile(state) };
  const written = declared?.written;
  if (!written) return null;
  const at = (line: number, what: string) => `${written.file}, line ${line}: ${what}`;
  const environment = drift.environment ?? '';
  switch (drift.kind) {
    case 'not in Unleash':
    case 'archived':
      return { where: at(written.at.line, `take ${drift.flag} out, from here to the end of its document`), yaml: null };
    case 'type':
      if (!state) return null;
      return {
        where: at(written.type.line, 'in place of this line'),
        yaml: indented({ type: state.type }, written.type.column),
      };
    case 'description': {
      if (!state) return null;
      const { description: old, type } = written;
      const text = state.description.trim();
      if (text === '') return { where: at((old ?? type).line, 'take the description out'), yaml: null };
      const where = old ? at(old.line, 'in place of the description, all its lines') : at(type.line, 'below this line');
      return { where, yaml: indented({ description: text }, (old ?? type).column) };
    }
    case 'environment': {
      const there = written.environment[environment];
      if (there) return { where: at(there.line, `take ${environment} out`), yaml: null };
      const { line, column } = written.environments;
      const entry = `{ name: ${scalar(environment)}, protected: true }`;
      return written.environmentsInline
        ? { where: at(line, 'between the brackets, after a comma'), yaml: entry }
        : { where: at(line, 'below this line'), yaml: `${' '.repeat(column + 1)}- ${entry}` };
    }
    case 'strategies': {
      const there = written.strategies[environment];
      return there ? { where: at(there.line, 'take the strategies out'), yaml: null } : null;
    }
  }
}

function indented(value: Record<string, string>, column: number): string {
  return stringify(value, { lineWidth: 100 })
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `${' '.repeat(column - 1)}${line}`))
    .join('\n');
}

const scalar = (text: string) => stringify(text).trimEnd();

function newFile({ flag, type, description, environments }: FlagState): string {
  const about = description.trim() === '' ? [] : [indented({ description: description.trim() }, 3)];
  return [
    'apiVersion: firebreak/v1',
    'kind: Flag',
    `metadata: { name: ${scalar(flag)} }`,
    'spec:',
    `  type: ${scalar(type)}`,
    ...about,
    '  owners: [] # teams, or people by mail address: who may turn it',
    '  service: "" # whose code asks for it',
    '  safe: off # off, on or { variant: name }: what a kill brings it to',
    '  environments:',
    ...environments.map(({ environment }) => `    - { name: ${scalar(environment)}, protected: true }`),
    '  expires: null # the day by which it is gone',
  ].join('\n');
}
