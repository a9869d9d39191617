import { expect, test } from 'vitest';
import { flagDrift } from '#app/domain/flag/drift.ts';
import type { FlagDeclaration, FlagState } from '#app/domain/flag/flag.ts';
import { reconcile, reconciliationText } from '#app/domain/flag/reconcile.ts';
import { declaredFlag, flagInUnleash } from '#test/support/flags.ts';

const declared = (name: string, over: Partial<FlagDeclaration> = {}) =>
  declaredFlag(name, { description: 'As declared', ...over });
const real = (flag: string, over: Partial<FlagState> = {}) =>
  flagInUnleash(flag, {
    description: 'As declared',
    environments: [{ flag, environment: 'production', enabled: false, strategies: [] }],
    ...over,
  });
const both = (files: FlagDeclaration[], states: FlagState[]) => reconcile(files, states, flagDrift(files, states));

test('what agrees asks for nothing', () => {
  expect(both([declared('a')], [real('a')])).toEqual({
    toUnleash: { writes: [], left: [] },
    toFiles: { edits: [], left: [] },
  });
});

test('type and description go either way, and are one write towards Unleash', () => {
  const { toUnleash, toFiles } = both([declared('a')], [real('a', { type: 'experiment', description: 'Other' })]);
  const seen = { type: 'experiment', description: 'Other' };
  expect(toUnleash.writes).toEqual([{ kind: 'define', flag: 'a', type: 'release', description: 'As declared', seen }]);
  expect(toFiles.edits).toEqual([
    { flag: 'a', path: ['spec', 'type'], value: 'experiment' },
    { flag: 'a', path: ['spec', 'description'], value: 'Other' },
  ]);
});

test('what is missing is created and what is archived revived, and no file is deleted for it', () => {
  const { toUnleash, toFiles } = both([declared('a'), declared('b')], [real('b', { archived: true })]);
  expect(toUnleash.writes.map(({ kind, flag }) => `${kind} ${flag}`)).toEqual(['create a', 'revive b']);
  expect([toUnleash.left, toFiles.edits]).toEqual([[], []]);
  expect(toFiles.left.map(({ kind }) => kind)).toEqual(['not in Unleash', 'archived']);
});

test('what nobody declares, and environments, are left to a person', () => {
  const on = [{ flag: 'b', environment: 'staging', enabled: true, strategies: [] }];
  const { toUnleash, toFiles } = both([declared('b')], [real('a'), real('b', { environments: on })]);
  expect(toUnleash.writes).toEqual([]);
  expect(toUnleash.left).toEqual(toFiles.left);
  expect(toFiles.left.map(({ kind }) => kind)).toEqual(['not declared', 'environment', 'environment']);
});

test('a plan is another one as soon as any value of it is, also far behind in a long description', () => {
  const long = (end: string) => `${'x'.repeat(300)}${end}`;
  const text = (end: string) => reconciliationText(both([declared('a', { description: long(end) })], [real('a')]));
  expect(text('1')).toBe(text('1'));
  expect(text('1')).not.toBe(text('2'));
});
