import { expect, test } from 'vitest';
import { visit } from '../support/pages/visit.ts';
import { now } from '../support/pages/world.ts';
import { leftBehind, verifiedWorld } from '../support/pages/worlds.ts';

const day = 86_400_000;
const list = () => {
  const world = verifiedWorld();
  world.followUps = [
    { ...leftBehind(), id: 'a', title: 'voiceover-v2 is off', owner: 'voice', dueAt: now + day },
    { ...leftBehind(), id: 'b', title: 'traffic is pinned', owner: 'ada@studio.example', dueAt: now - 1 },
    { ...leftBehind(), id: 'c', title: 'moodboard is off', owner: 'media-platform', dueAt: null },
  ];
  return world;
};
const shown = async (query: string) => {
  const { html } = await visit(`/follow-ups${query}`, list());
  return [...html.matchAll(/class="row plain" id="(\w)"/g)].map(([, id]) => id);
};

test('the list narrows to mine and my teams, to what is overdue, and by words', async () => {
  expect(await shown('')).toEqual(['a', 'b', 'c']);
  expect(await shown('?who=mine')).toEqual(['b', 'c']);
  expect(await shown('?due=overdue')).toEqual(['b']);
  expect(await shown('?q=MOOD')).toEqual(['c']);
  expect((await visit('/follow-ups?q=nothing', list())).text).toContain('None of them is like this.');
});

test('what is due says where its reminder went, or that it can go nowhere; what is not due says nothing', async () => {
  const world = list();
  world.followUps[2]!.dueAt = now - day;
  world.followUps[1]!.incidentId = null;
  world.reminders = new Map([
    ['a', { at: now, to: ['voice'], taken: 1, error: null }],
    ['c', { at: now - 120_000, to: ['media-platform', 'PagerDuty'], taken: 1, error: 'HTTP 503' }],
  ]);
  const { text } = await visit('/follow-ups', world);
  expect(text).toContain('Reminded in media-platform, PagerDuty (not taken yet: HTTP 503), 2 min ago');
  expect(text).toContain('A reminder can go nowhere: no chat is declared for Ada Byron');
  expect(text).not.toContain('Reminded in voice');
  world.catalog!.endpoints = [{ name: 'media-platform', use: 'chat' } as never];
  expect((await visit('/follow-ups', world)).text).toContain('A reminder is about to go to media-platform.');
});

test('an owner and a date are changed, and the page comes back to it', async () => {
  const form = { intent: 'change', id: 'a', owner: 'ada@studio.example', due: '7' };
  const { told, location } = await visit('/follow-ups', list(), { form });
  expect(told).toEqual([
    { what: 'change', with: { id: 'a', owner: form.owner, dueAt: now + 7 * day, by: 'ada@studio.example' } },
  ]);
  expect(location).toBe('/follow-ups#a');
  const kept = await visit('/follow-ups', list(), { form: { ...form, due: 'keep' } });
  expect(kept.told).toMatchObject([{ with: { dueAt: null } }]);
});

test('the overview counts what is overdue, and a cleared one says why', async () => {
  expect((await visit('/', list())).text).toContain('1 overdue · all →');
  const world = list();
  const why = 'It was taken back by mallory: voiceover-v2 on.';
  world.followUps[0] = { ...world.followUps[0]!, clearedAt: now - 1, clearedBy: 'mallory', clearReason: why };
  expect((await visit('/follow-ups', world)).text).toContain(`by mallory: ${why}`);
});
