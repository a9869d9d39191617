import { afterEach, beforeEach, expect, test } from 'vitest';
import { untakenPages } from '#app/stores/incident/untaken-pages.server.ts';
import { createOutboxStore } from '#app/stores/outbox.server.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const minutes = (count: number) => at.clock.advance(count * 60_000);
const burn = () => at.apply(at.verdict('voiceover-availability', 'page-fast'));
const wrongKey = { routingKey: 'a-key-that-nobody-knows' };
const refusals = async (id: string) =>
  (await at.incidents.timeline(id)).filter(({ text }) => text.startsWith('PagerDuty refused this page'));

test('a page that PagerDuty refuses stands at its incident, is sent anew while it burns, and is over once it is taken', async () => {
  const [opened] = await burn();
  const id = opened?.incident.id ?? '';
  expect(await at.deliver(wrongKey)).toBe(0);
  const [incident] = await at.incidents.open();
  expect(incident).toMatchObject({ pagedAt: null, pageTrouble: { kind: 'refused', since: at.clock.now() } });
  expect(await refusals(id)).toMatchObject([
    { kind: 'page', text: expect.stringMatching(/^PagerDuty refused this page: .+\. Nobody was paged by it\.$/) },
  ]);
  expect((await untakenPages(at.db, at.clock.now())).size).toBe(1);

  minutes(9);
  await burn();
  expect(await at.deliver()).toBe(0);
  minutes(1);
  await burn();
  await at.deliver(wrongKey);
  expect(await refusals(id)).toHaveLength(1);
  minutes(10);
  await burn();
  expect(await at.deliver()).toBe(1);
  expect(at.pagerDuty.desk.standing()).toHaveLength(1);
  expect((await at.incidents.get(id))?.pageTrouble).toBeUndefined();
  expect((await at.incidents.get(id))?.pagedAt).toBe(at.clock.now());
});

test('a page does not wait behind the notes of a REST door that stalls', async () => {
  const outbox = createOutboxStore(at.db);
  const note = (id: string) => ({ kind: 'pagerduty-note' as const, dedupKey: id, body: {}, incident_id: null });
  for (const id of ['one', 'two', 'three', 'four', 'five', 'six'])
    await outbox.enqueue(at.db, note(id), at.clock.now());
  minutes(1);
  await burn();
  const calls: string[] = [];
  const stalled = async () => {
    calls.push('note');
    throw new Error('PagerDuty did not answer.');
  };
  const sendEvent = async () => void calls.push('page');
  const pagerDuty = { ...at.rest, sendEvent, addNote: stalled, notes: async () => [] };
  expect(await at.deliver({ pagerDuty })).toBe(1);
  expect(calls).toEqual(['page', 'note', 'note', 'note', 'note', 'note']);
});

test('a page that waits for PagerDuty says so after half a minute; one that is over says nothing any more', async () => {
  await burn();
  at.pagerDuty.faults.set('pagerduty', '500');
  await at.deliver();
  expect((await at.incidents.open())[0]?.pageTrouble).toBeUndefined();
  minutes(1);
  await at.deliver();
  expect((await at.incidents.open())[0]?.pageTrouble).toMatchObject({ kind: 'waiting' });
  await at.apply(at.verdict('voiceover-availability', null));
  expect((await untakenPages(at.db, at.clock.now())).size).toBe(0);
});
