import { expect, test } from 'vitest';
import { type PageEnd, pageEnd } from '#app/domain/incident/page-end.ts';
import type { Tier } from '#app/domain/slo/slo.ts';

const open = { status: 'open', slo: 'own' } as const;
const alert = (slo: string, tier: Tier = 'page-fast', clearedAt: number | null = null) => ({ slo, tier, clearedAt });
const fires = { tier: 'page-fast' } as const;
const calm = { tier: null };

test.each<[string, Parameters<typeof pageEnd>, PageEnd['kind'], string[]]>([
  ['a resolved incident has ended', [{ ...open, status: 'resolved' }, [], calm, true], 'cleared', []],
  ['while it fires it counts down', [open, [alert('own')], fires, false], 'counting', []],
  ['a blind source ends nothing, though no tier fires', [open, [alert('own')], calm, true], 'blind', []],
  ['without an evaluation nothing is known', [open, [alert('own')], null, false], 'blind', []],
  ['quiet on too little data it is held', [open, [alert('own')], calm, false], 'held', []],
  [
    'a ticket that fires does not ease a page by itself',
    [open, [alert('own')], { tier: 'ticket-fast' }, false],
    'held',
    [],
  ],
  ['another SLO holds it', [open, [alert('own', 'page-fast', 9), alert('b')], calm, false], 'elsewhere', ['b']],
  ['both hold it', [open, [alert('own'), alert('b')], fires, false], 'counting', ['b']],
  [
    'tickets hold no page',
    [open, [alert('own', 'page-fast', 9), alert('b', 'ticket-slow')], calm, false],
    'theirs',
    [],
  ],
])('%s', (_name, args, kind, still) => {
  expect(pageEnd(...args)).toEqual({ kind, still });
});
