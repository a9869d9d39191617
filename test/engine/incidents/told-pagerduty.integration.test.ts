import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '#app/domain/run/run.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { acknowledgePages } from '#app/stores/incident/acknowledge-pages.server.ts';
import { noteUndo } from '#app/stores/run/undo-note.server.ts';
import { killPlan } from '#test/support/pages/runs.ts';
import { type Harness, startHarness } from './harness.ts';

const ada: Actor = { email: 'ada@studio.example', name: 'Ada', role: 'responder', teams: [] };
let at: Harness;
let id: string;
beforeEach(async () => {
  at = await startHarness();
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  await at.deliver();
  await pollPagerDuty(at.deps);
  id = (await at.incidents.open())[0]!.id;
});
afterEach(() => at.stop());

const acknowledge = (actor: Actor) =>
  at.db.transaction().execute((tx) => acknowledgePages(tx, id, actor, at.clock.now()));
const page = async () => (await at.deps.pagerDuty.openIncidents())[0]!;

test('whoever acts is known in PagerDuty to work on it, once', async () => {
  const [waiting] = await acknowledge(ada);
  expect(waiting).toBe((await page()).id);
  expect((await page()).status).toBe('triggered');
  expect(await at.deliver()).toBe(1);
  expect(await page()).toMatchObject({ status: 'acknowledged', acknowledgedBy: ['Ada'] });
  await pollPagerDuty(at.deps);
  expect((await at.incidents.timeline(id)).filter((entry) => entry.text.includes('cknowledged'))).toHaveLength(1);
  expect(await acknowledge(ada)).toEqual([]);
});

test('a page that somebody else took meanwhile stays theirs', async () => {
  await acknowledge(ada);
  const { id: taken } = await page();
  await at.deliver({ pagerDuty: { ...at.rest, sendEvent: async () => undefined, acknowledge: refuse } });
  expect((await page()).status).toBe('triggered');
  await at.rest.acknowledge(taken, 'grace@studio.example');
  at.clock.advance(60_000);
  expect(await at.deliver()).toBe(1);
  expect((await page()).acknowledgedBy).toEqual(['Grace']);
});

test('an acknowledgement that could not leave for 5 min is dropped, and the page goes on escalating', async () => {
  await acknowledge(ada);
  const down = { pagerDuty: { ...at.rest, sendEvent: async () => undefined, acknowledge: refuse } };
  await at.deliver(down);
  at.clock.advance(4 * 60_000);
  await at.deliver(down);
  at.clock.advance(10 * 60_000);
  await at.deliver();
  expect(await page()).toMatchObject({ status: 'triggered', acknowledgedBy: [] });
  const said = (await at.incidents.timeline(id)).filter((entry) => entry.text.includes('not acknowledged'));
  expect(said.map(({ text }) => text)).toEqual([
    'The page was not acknowledged for ada@studio.example: PagerDuty could not be reached for 5 min, and it goes on escalating.',
  ]);
  // Whoever acts now is known there as before.
  await acknowledge(ada);
  await at.deliver();
  expect((await page()).acknowledgedBy).toEqual(['Ada']);
});

test('of somebody without an account there our own user acknowledges', async () => {
  await acknowledge({ ...ada, email: 'nobody@studio.example' });
  expect(await at.deliver({ from: 'grace@studio.example' })).toBe(1);
  expect((await page()).acknowledgedBy).toEqual(['Grace']);
});

test('an undo leaves a note on the page, once, also from somebody without an account there', async () => {
  const plan = killPlan(0);
  const step = {
    plan,
    confirmed_by: { ...ada, email: 'nobody@studio.example' },
    confirmed_at: Date.UTC(2026, 10, 22, 3, 40),
  };
  const how = { key: 'run/kill/undo/1', at: at.clock.now() };
  await at.db.transaction().execute((tx) => noteUndo(tx, { incident_id: id }, step, how));
  await at.db.transaction().execute((tx) => noteUndo(tx, { incident_id: null }, step, how));
  expect(await at.deliver({ from: 'grace@studio.example' })).toBe(1);
  expect((await at.rest.notes((await page()).id)).map(({ text }) => text)).toEqual([
    'Undone: Bring voiceover-v2 to off in production (flag/production/voiceover-v2), by Ada at 03:40 UTC. ' +
      'There again: on · 25 % of users by userId.',
  ]);
});

async function refuse(): Promise<never> {
  throw new Error('PagerDuty did not answer.');
}
