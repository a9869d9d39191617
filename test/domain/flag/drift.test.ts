import { expect, test } from 'vitest';
import { flagDrift } from '#app/domain/flag/drift.ts';
import type { FlagDeclaration, FlagState } from '#app/domain/flag/flag.ts';
import { declaredFlag, flagInUnleash } from '#test/support/flags.ts';

const declared = (name: string, over: Partial<FlagDeclaration> = {}) =>
  declaredFlag(name, { description: 'One\nline.', ...over });
const real = (flag: string, over: Partial<FlagState> = {}) => {
  const environments = ['production', 'development'].map((environment) => ({
    ...{ flag, environment, enabled: false, strategies: [] },
  }));
  return flagInUnleash(flag, { description: 'One line.', environments, ...over });
};
const found = (declarations: FlagDeclaration[], states: FlagState[]) =>
  flagDrift(declarations, states).map(({ flag, kind, text }) => `${flag} · ${kind} · ${text}`);

test('what agrees is no drift, and neither is an archived flag that nobody declares', () => {
  expect(found([declared('a')], [real('a'), real('old', { archived: true })])).toEqual([]);
});

test('flags that only one side has, in order of their names', () => {
  expect(found([declared('b'), declared('c')], [real('a'), real('c', { archived: true })])).toEqual([
    'a · not declared · Unleash has it, no file declares it: its owner and safe state are unknown.',
    'b · not in Unleash · It is declared, and Unleash does not have it: applications get their fallback.',
    'c · archived · It is archived in Unleash: applications get their fallback.',
  ]);
});

test('type, description and environments, each with a way for either side', () => {
  const on = real('a').environments.map((each) => ({ ...each, enabled: true }));
  const drift = flagDrift(
    [
      declared('a', {
        environments: [
          { name: 'production', protected: true },
          { name: 'staging', protected: false },
        ],
      }),
    ],
    [real('a', { type: 'experiment', description: '', environments: on })],
  );
  expect(drift.map(({ text, inUnleash, inFile }) => [text, inUnleash, inFile])).toEqual([
    ['The file says release, Unleash says experiment.', 'set its type to release', 'write type: experiment'],
    [
      'The file says "One line.", Unleash says nothing.',
      'set its description to that of the file',
      "write Unleash's description",
    ],
    [
      'It is declared in staging, an environment that its Unleash project does not have.',
      'add the environment staging to the project',
      'take staging out of environments',
    ],
    [
      'It is on in development, where its file does not declare it.',
      'switch it off in development',
      'add { name: development } to environments',
    ],
  ]);
});
