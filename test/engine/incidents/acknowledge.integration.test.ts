import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '#app/domain/run/run.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { acknowledgePages } from '#app/stores/acknowledge-pages.server.ts';
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

test('of somebody without an account there our own user acknowledges', async () => {
  await acknowledge({ ...ada, email: 'nobody@studio.example' });
  expect(await at.deliver({ from: 'grace@studio.example' })).toBe(1);
  expect((await page()).acknowledgedBy).toEqual(['Grace']);
});

async function refuse(): Promise<never> {
  throw new Error('PagerDuty did not answer.');
}
