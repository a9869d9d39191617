import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EndpointsWrite } from '#app/clients/endpoint/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { deliverTask } from '#app/engine/deliver/deliver-outbox.server.ts';
import type { TicketMessage } from '#app/engine/deliver/send-ticket.server.ts';
import { startLoop } from '#app/engine/loop.server.ts';
import type { Clock } from '#app/platform/clock.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { httpFailure } from '#app/platform/outside-error.ts';
import { createDeliveryStore } from '#app/stores/deliveries.server.ts';
import { createOutboxStore } from '#app/stores/outbox.server.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness({ tickets: 'desk' });
});
afterEach(() => at.stop());

const catalog = async () =>
  ({
    ...(await at.deps.catalog()),
    endpoints: [
      { name: 'desk', use: 'webhook' },
      { name: 'voice', use: 'chat' },
    ],
  }) as unknown as Catalog;
const later = (seconds: number) => at.clock.advance(seconds * 1_000);
const ticket = (...services: string[]) =>
  at.apply(...services.map((service) => at.verdict(`${service}-availability`, 'ticket-slow')));
const over = (...services: string[]) =>
  at.apply(...services.map((service) => at.verdict(`${service}-availability`, null)));
const answer = (status: number) => httpFailure('Desk', status, { get: () => null });

/** A tickets' system that answers so to the messages of some services; `asked` is what it heard, taken or not. */
function desk(answers: (message: TicketMessage) => number) {
  const asked: string[] = [];
  const send: EndpointsWrite['send'] = async (_endpoint, _scope, { body }) => {
    const message = body as TicketMessage;
    asked.push(`${message.action} ${message.service}`);
    const status = answers(message);
    if (status !== 200) throw answer(status);
    return { status, body: '', ms: 1 };
  };
  return { asked, deliver: () => at.deliver({ catalog, tickets: 'desk', endpoints: { send } as EndpointsWrite }) };
}

test('a tickets’ system that knows two tickets no longer hears of all later ones', async () => {
  const { asked, deliver } = desk(({ action }) => (action === 'close' ? 404 : 200));
  await ticket('a', 'b');
  expect(await deliver()).toBe(2);
  await over('a', 'b');
  expect(await deliver()).toBe(0);
  await ticket('c');
  expect(await deliver()).toBe(1);
  later(3_600);
  expect(await deliver()).toBe(0);
  expect(asked.sort()).toEqual(['close a', 'close b', 'open a', 'open b', 'open c']);
  const ends = (await createDeliveryStore(at.db).recent({ limit: 9, open: true })).map(({ state }) => state);
  expect(ends).toEqual([1, 2].map(() => ({ kind: 'refused', error: 'Desk answered 404' })));
});

test('two that fail for as long as they are tried hold up nothing, and are asked at their time alone', async () => {
  const { asked, deliver } = desk(({ service }) => (service === 'c' ? 200 : 503));
  await ticket('a', 'b');
  await deliver();
  for (let round = 0; round < 9; round++) await deliver();
  expect([...asked].sort()).toEqual(['open a', 'open b']);
  await ticket('c');
  expect(await deliver()).toBe(1);
  expect(await deliver()).toBe(0);
  expect(asked.slice(2)).toEqual(['open c']);
  later(6);
  await deliver();
  expect(asked.slice(3).sort()).toEqual(['open a', 'open b']);
});

test('of many that fail all have their turn, also what comes in meanwhile', async () => {
  const { asked, deliver } = desk(({ service }) => (service === 'late' ? 200 : 503));
  await ticket('a', 'b', 'c', 'd', 'e');
  for (let round = 0; round < 3; round++) await deliver();
  later(60);
  await ticket('late');
  let rounds = 1;
  while ((await deliver()) === 0) rounds += 1;
  expect(rounds).toBe(3);
  expect(new Set(asked).size).toBe(6);
});

test('notices to a chat that left the catalog keep none from the others', async () => {
  const outbox = createOutboxStore(at.db);
  for (const [index, endpoint] of ['gone', 'gone', 'voice'].entries()) {
    const body = { endpoint, text: `notice ${index}`, link: 'https://firebreak.example' };
    await outbox.enqueue(
      at.db,
      { kind: 'chat', dedupKey: `notice/${index}`, body, incident_id: null },
      at.clock.now() + index,
    );
  }
  later(1);
  const said: string[] = [];
  const send: EndpointsWrite['send'] = async (endpoint) => {
    said.push(endpoint.name);
    return { status: 200, body: '', ms: 1 };
  };
  // Before the catalog was read nobody knows what is gone.
  await at.deliver({ catalog: async () => null });
  later(10);
  for (let round = 0; round < 2; round++) await at.deliver({ catalog, endpoints: { send } as EndpointsWrite });
  expect(said).toEqual(['voice']);
  expect(await outbox.last(at.db, 'notice/0')).toMatchObject({
    delivered_at: null,
    error: 'The catalog declares no chat "gone" any more',
  });
  later(3_600);
  expect(await outbox.due(['chat'], 9, at.clock.now())).toEqual([]);
});

test('a page leaves while the tickets’ system lets another door’s message wait', async () => {
  let asked = false;
  let release = () => {};
  const send: EndpointsWrite['send'] = () => {
    asked = true;
    return new Promise((resolve) => (release = () => resolve({ status: 200, body: '', ms: 1 })));
  };
  await ticket('a');
  const tasks = at.deliverTasks({ catalog, tickets: 'desk', endpoints: { send } as EndpointsWrite });
  const clock = { ...at.clock, now: at.clock.now, speed: () => 1 } as unknown as Clock;
  const loop = startLoop(tasks, { clock, log: pino({ level: 'silent' }), metrics: createMetrics() });
  try {
    await expect.poll(() => asked).toBe(true);
    await at.apply(at.verdict('b-availability', 'page-fast'));
    loop.poke(deliverTask('pagerduty-event'));
    await expect.poll(() => at.pagerDuty.desk.standing().map(({ title }) => title)).toEqual(['b-availability burns']);
  } finally {
    release();
    await loop.stop();
  }
});
