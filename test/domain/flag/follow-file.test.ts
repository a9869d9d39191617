import { expect, test } from 'vitest';
import { notTaken } from '#app/domain/flag/follow-file.ts';
import type { DefinitionWrite } from '#app/domain/flag/reconcile.ts';
import { everyoneStrategy } from '#app/domain/flag/rollout.ts';

const flag = 'x';
const begins = { environment: 'development', strategies: [everyoneStrategy(flag)] };
const wanted = { type: 'release', description: '' };
const create: DefinitionWrite = { kind: 'create', flag, ...wanted, begins: [begins] };
const revive: DefinitionWrite = { kind: 'revive', flag };
const begin: DefinitionWrite = { kind: 'begin', flag, ...begins };
const define: DefinitionWrite = { kind: 'define', flag, ...wanted, seen: { type: 'operational', description: '' } };

test.each<[string, DefinitionWrite[], DefinitionWrite[], DefinitionWrite[]]>([
  ['all of it is there', [define, begin], [], []],
  ['what came back from the archive differs in more', [revive], [define, begin], []],
  ['it was created, and what it begins with elsewhere is missing', [create], [begin], [create]],
  ['it was created, and somebody gave it another type', [create], [define], []],
  ['it begins elsewhere than was asked', [begin], [{ ...begin, environment: 'production' }], []],
  ['it does not begin', [define, begin], [begin], [begin]],
  ['it lies in the archive', [define], [revive], [define]],
  ['it is gone', [begin], [create], [begin]],
])('%s', (_what, made, now, left) => {
  expect(notTaken(made, now)).toEqual(left);
});
