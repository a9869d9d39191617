import { expect, test } from 'vitest';
import { type AgainstWorld, againstMember, againstWayBack } from '#app/domain/panic/against.ts';
import type { PanicMember } from '#app/domain/panic/panic.ts';
import { catalogOf } from '#test/engine/harness.ts';

const now = Date.UTC(2026, 10, 22, 3);
const catalog = catalogOf([]);
catalog.flags[0]!.environments = [
  { name: 'production', protected: true, approvals: { people: 2, from: ['media-platform'], requester: 'excluded' } },
  { name: 'development', protected: false },
];

function member(name: string, target: string): Pick<PanicMember, 'name' | 'run'> {
  const run = { template: 'template:flag.kill', service: null, steps: [{ plan: { target } }] };
  return { name, run: run as unknown as PanicMember['run'] };
}

const world: AgainstWorld = { freezes: [], incidents: [], catalog, environment: 'production', now };
const v2 = member('voiceover-v2', 'flag/production/voiceover-v2');

test('approvals that a file asks for speak against it, named with whose they are', () => {
  expect(againstWayBack([v2, member('voiceover', 'traffic/voiceover')], world)).toEqual([
    {
      key: 'approval/flag voiceover-v2/production/2 people of media-platform',
      text: 'The file of flag voiceover-v2 asks 2 people of media-platform to approve a change like this.',
      members: ['voiceover-v2'],
    },
  ]);
});

test('nothing speaks against it where the environment is not protected, nor where no run was opened', () => {
  const incidents = [{ id: 'inc', title: 'It burns.', service: 'voiceover', children: [] }];
  expect(againstMember(member('voiceover-v2', 'flag/development/voiceover-v2'), { ...world, incidents })).toEqual([]);
  expect(againstMember({ run: null }, { ...world, incidents })).toEqual([]);
  expect(againstMember(v2, { ...world, incidents })).toHaveLength(2);
});

test('an incident of another service that this one burns in counts; one of others does not', () => {
  const incidents = [
    { id: 'a', title: 'Down', service: 'shop', children: ['voiceover'] },
    { id: 'b', title: 'Down', service: 'shop', children: [] },
    { id: 'c', title: 'Down', service: null, children: [] },
  ];
  const found = againstMember(member('voiceover', 'traffic/voiceover'), { ...world, incidents });
  expect(found).toEqual([{ key: 'incident/a', text: 'An incident is open on voiceover: Down.' }]);
});

test('a freeze of every week is another one the week after', () => {
  const span = { kind: 'weekly' as const, from: { day: 7, time: '00:00' }, until: { day: 7, time: '12:00' } };
  const freeze = { id: 'w', reason: 'Sunday', timeZone: 'UTC', span, by: 'Root', byEmail: 'root', madeAt: 0 };
  const freezes = [{ ...freeze, scope: 'everything' as const, target: null, endedAt: null, endedBy: null }];
  const key = (at: number) => againstMember(v2, { ...world, freezes, now: at })[0]!.key;
  expect(key(now)).toMatch(/^freeze\/w\//);
  expect(key(now + 60_000)).toBe(key(now));
  expect(key(now + 7 * 86_400_000)).not.toBe(key(now));
});
