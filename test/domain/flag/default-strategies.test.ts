import { expect, test } from 'vitest';
import { readFlag } from '#app/domain/flag/declaration.ts';
import { flagDrift } from '#app/domain/flag/drift.ts';
import type { FlagEnvironmentState } from '#app/domain/flag/flag.ts';
import { reconcile } from '#app/domain/flag/reconcile.ts';
import { readYaml } from '#app/domain/yaml/document.ts';
import { reporter } from '#app/domain/yaml/validate.ts';
import { flagInUnleash } from '#test/support/flags.ts';
import { rollout } from './strategies.ts';

function read(strategies: string, ofProduction = '') {
  const text = `apiVersion: firebreak/v1
kind: Flag
metadata: { name: voice }
spec:
  type: operational
  owners: [voice]
  service: shop
  safe: off
  environments:
    - { name: development, protected: false }
    - name: production
      protected: true
${ofProduction}  strategies:
${strategies}`;
  const source = readYaml(text, 'flags/voice.yaml').documents[0]!;
  const report = reporter(source);
  return {
    flag: readFlag(source, report),
    problems: report.problems.map(({ line, column, message, hint }) => `${line}:${column} ${message} | ${hint ?? ''}`),
  };
}

const danes = `    - rollout: 10
      stickiness: userId
      title: Danes first
      constraints: [{ contextName: country, operator: IN, values: [DK] }]
      variants: blue 25, green 75
`;

test('strategies are read as Unleash will store them, for every environment that has none of its own', () => {
  const { flag, problems } = read(danes, '      strategies: [{ rollout: 5 }]\n');
  expect(problems).toEqual([]);
  const [development, production] = flag!.environments;
  expect(development!.strategies).toEqual([
    {
      name: 'flexibleRollout',
      title: 'Danes first',
      disabled: false,
      parameters: { rollout: '10', stickiness: 'userId', groupId: 'voice' },
      constraints: [{ contextName: 'country', operator: 'IN', values: ['DK'] }],
      segments: [],
      variants: [
        { name: 'blue', weight: 250, weightType: 'fix', stickiness: 'userId' },
        { name: 'green', weight: 750, weightType: 'variable', stickiness: 'userId' },
      ],
    },
  ]);
  expect(production!.strategies).toMatchObject([{ parameters: { rollout: '5', stickiness: 'default' } }]);
});

test.each([
  ['    - { rollout: 150 }', '14:18 A rollout is a whole number of percent from 0 to 100.'],
  ['    - { rollout: 2.5 }', '14:18 '],
  ['    - { rollout: abc }', '14:18 "rollout" must be'],
  ['    - { rollout: 5, stickyness: userId }', '14:21 Unknown field "stickyness"'],
  ['    - { rollout: 5, variants: blue 50 }', '14:31 The shares of the variants add up to 50 %, not to 100 %.'],
  [
    '    - { rollout: 5, constraints: [{ contextName: country, operator: ON, values: [DK] }] }',
    '14:69 "operator" is "ON"; allowed: IN, NOT_IN',
  ],
  [
    '    - { rollout: 5, constraints: [{ contextName: country, operator: IN }] }',
    '"values" is missing: IN compares with a list. | Write values: ["…"].',
  ],
  ['    []', '14:5 '],
])('what is wrong stands at its line and column: %s', (text, expected) => {
  const { flag, problems } = read(text);
  expect(flag).toBeNull();
  expect(problems[0]).toContain(expected);
});

const at = (environment: string, part: Partial<FlagEnvironmentState> = {}) => ({
  ...{ flag: 'voice', environment, enabled: false, strategies: [] },
  ...part,
});
const told = (...environments: FlagEnvironmentState[]) => {
  const declared = [read(danes).flag!];
  const states = [flagInUnleash('voice', { type: 'operational', environments })];
  const drift = flagDrift(declared, states);
  return { drift, made: reconcile(declared, states, drift) };
};

test('a flag that is off and has no strategy differs from a file that says what it begins with; it goes either way', () => {
  const { drift, made } = told(at('development', { strategies: [rollout(50)] }), at('production'));
  expect(drift).toEqual([
    {
      flag: 'voice',
      kind: 'strategies',
      environment: 'production',
      text: 'It has no strategy in production: switched on there, everyone would get it.',
      inUnleash: 'let it begin with 10 % of users by userId where country is DK (blue 25 %, green 75 %); it stays off',
      inFile: 'take its strategies out',
    },
  ]);
  expect(made.toUnleash).toMatchObject({ writes: [{ kind: 'begin', environment: 'production' }], left: [] });
  expect(made.toFiles).toMatchObject({ edits: [], left: [{ kind: 'strategies' }] });
});

test('who has a flag is never told to change by its defaults: neither one that is on, nor strategies that it has', () => {
  const on = { enabled: true };
  expect(told(at('development', on), at('production', { strategies: [rollout(50)] })).drift).toEqual([]);
});

test('a flag that Unleash lacks is created with what it begins with in each environment', () => {
  const declared = [read(danes).flag!];
  const { toUnleash } = reconcile(declared, [], flagDrift(declared, []));
  expect(toUnleash.writes).toMatchObject([
    { kind: 'create', begins: [{ environment: 'development' }, { environment: 'production' }] },
  ]);
});
