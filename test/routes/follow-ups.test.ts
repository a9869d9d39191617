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
