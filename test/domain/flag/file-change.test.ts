import { expect, test } from 'vitest';
import { readFlag } from '#app/domain/flag/declaration.ts';
import { flagDrift } from '#app/domain/flag/drift.ts';
import { fileChange } from '#app/domain/flag/file-change.ts';
import type { FlagState } from '#app/domain/flag/flag.ts';
import { flagWritten, writtenAt } from '#app/domain/flag/written.ts';
import { readYaml } from '#app/domain/yaml/document.ts';
import { reporter } from '#app/domain/yaml/validate.ts';
import { flagInUnleash } from '#test/support/flags.ts';

const file = `# Two flags in one file.
kind: Other
---
apiVersion: firebreak/v1
kind: Flag
metadata: { name: new-checkout }
spec:
  type: release # until spring
  description: >-
    What it
    is for.
  owners: [sales]
  service: shop
  safe: off
  environments:
    - { name: development, protected: false }
    - name: production
      protected: true
      strategies: [{ rollout: 5 }]
`;

function declared(text = file) {
  const source = readYaml(text, 'flags/shop.yaml').documents.at(-1)!;
  const report = reporter(source);
  const flag = readFlag(source, report);
  expect(report.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { ...flag!, written: flagWritten(source) };
}

const environments = (...names: string[]) =>
  names.map((environment) => ({ flag: 'new-checkout', environment, enabled: true, strategies: [] }));

function changes(over: Partial<FlagState>, text = file) {
  const state = flagInUnleash('new-checkout', {
    description: 'What it is for.',
    environments: environments('development', 'production'),
    ...over,
  });
  const flag = declared(text);
  return flagDrift([flag], [state]).map((one) => fileChange(one, flag, state));
}

/** The file with one line for another, or with a line below one. */
function edited(line: number, yaml: string, instead: number): string {
  const lines = file.split('\n');
  lines.splice(line - 1 + (instead === 0 ? 1 : 0), instead, yaml);
  return lines.join('\n');
}

test('a type and a description stand as they are to be written, and the file that has them agrees', () => {
  const [type] = changes({ type: 'kill-switch' });
  expect(type).toEqual({ where: 'flags/shop.yaml, line 8: in place of this line', yaml: '  type: kill-switch' });
  expect(changes({ type: 'kill-switch' }, edited(8, type!.yaml!, 1))).toEqual([]);

  const said = `Yes: "no" # and ${'so on '.repeat(30)}`.trim();
  const [description] = changes({ description: `${said}\n` });
  expect(description!.where).toBe('flags/shop.yaml, line 9: in place of the description, all its lines');
  expect(changes({ description: said }, edited(9, description!.yaml!, 3))).toEqual([]);
  const without = edited(9, '  # nothing yet', 3);
  const [below] = changes({ description: said }, without);
  expect(below!.where).toBe('flags/shop.yaml, line 8: below this line');
  expect(changes({ description: '' })).toEqual([
    { where: 'flags/shop.yaml, line 9: take the description out', yaml: null },
  ]);
});

test('an environment is added where the list stands, in the way that it is written, or taken out', () => {
  const [added] = changes({ environments: environments('development', 'production', 'staging') });
  expect(added).toEqual({
    where: 'flags/shop.yaml, line 15: below this line',
    yaml: '    - { name: staging, protected: true }',
  });
  const now = edited(15, added!.yaml!, 0);
  expect(changes({ environments: environments('development', 'production', 'staging') }, now)).toEqual([]);
  expect(changes({ environments: environments('production') })).toEqual([
    { where: 'flags/shop.yaml, line 16: take development out', yaml: null },
  ]);
  const inline = edited(15, '  environments: [{ name: development }, { name: production }]', 5);
  expect(changes({ environments: environments('development', 'production', 'staging') }, inline)).toEqual([
    {
      where: 'flags/shop.yaml, line 15: between the brackets, after a comma',
      yaml: '{ name: staging, protected: true }',
    },
  ]);
});

test('one of several flags in a file is said to stand where it begins', () => {
  expect(writtenAt(declared().written)).toBe('flags/shop.yaml, line 4');
  expect(writtenAt(undefined)).toBeNull();
});

test('strategies and a whole flag are found where they stand', () => {
  const off = environments('development', 'production').map((one) => ({ ...one, enabled: false }));
  expect(changes({ environments: off })).toEqual([
    { where: 'flags/shop.yaml, line 19: take the strategies out', yaml: null },
  ]);
  expect(changes({ archived: true })).toEqual([
    { where: 'flags/shop.yaml, line 4: take new-checkout out, from here to the end of its document', yaml: null },
  ]);
});

test('a flag that no file declares gets the text of one, which asks for its owner, its service and its safe state', () => {
  const state = flagInUnleash('new-checkout', { description: 'A: b', environments: environments('production') });
  const [drift] = flagDrift([], [state]);
  const { where, yaml } = fileChange(drift!, null, state)!;
  expect(where).toBe('flags/new-checkout.yaml, a new file: fill in whose it is');
  const source = readYaml(yaml!, 'flags/new-checkout.yaml').documents[0]!;
  const report = reporter(source);
  expect(readFlag(source, report)).toBeNull();
  expect(report.problems.map(({ message }) => message)).toContain(
    'A flag needs an owner: a team or a person by mail address.',
  );
  const filled = declared(yaml!.replace('owners: []', 'owners: [sales]').replace('service: ""', 'service: shop'));
  expect(flagDrift([filled], [state])).toEqual([]);
});
