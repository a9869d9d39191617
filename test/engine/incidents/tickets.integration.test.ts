import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EndpointsWrite } from '#app/clients/endpoint/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { createSilenceStore } from '#app/stores/silences.server.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const later = (minutes: number) => at.clock.advance(minutes * 60_000);
const slo = 'voiceover-availability';
const open = () => at.incidents.open();
const standing = async () =>
  (await at.deps.pagerDuty.openIncidents()).map(({ urgency, alertKeys }) => [urgency, alertKeys[0]?.split('/').at(-1)]);
const deliverAll = async () => {
  let count = 0;
  for (let sent = await at.deliver(); sent > 0; sent = await at.deliver()) count += sent;
  return count;
};
const words = async (id: string) => (await at.incidents.timeline(id)).map(({ text }) => text);

test('a ticket goes out once with low urgency, wakes nobody, and ends when nothing burns any more', async () => {
  await at.apply(at.verdict(slo, 'ticket-fast'));
  expect([await deliverAll(), await standing()]).toEqual([1, [['low', 'ticket']]]);
  const [incident] = await open();
  expect(incident).toMatchObject({ level: 'ticket', tier: 'ticket-fast', slo, pagedAt: null });
  later(60);
  await at.apply(at.verdict(slo, 'ticket-slow'));
  expect([await deliverAll(), await standing()]).toEqual([0, [['low', 'ticket']]]);
  later(60);
  expect(await at.apply(at.verdict(slo, null))).toMatchObject([{ change: 'resolved' }]);
  expect([await deliverAll(), await standing()]).toEqual([1, []]);
  expect(await words(incident!.id)).toEqual(
    expect.arrayContaining([
      'Ticket opened in PagerDuty, with low urgency: voiceover-availability burns',
      'Resolved: nothing burns at a ticket tier any more.',
    ]),
  );
});

test('a ticket that rises to a page wakes somebody at once, in the same incident, and is a ticket no longer', async () => {
  await at.apply(at.verdict(slo, 'ticket-slow'));
  await deliverAll();
  const [ticket] = await open();
  later(300);
  await at.apply(at.verdict(slo, 'page-fast'));
  await deliverAll();
  expect(await standing()).toEqual([['high', 'page']]);
  expect(await open()).toMatchObject([{ id: ticket!.id, level: 'page', startedAt: at.clock.now() - 60_000 }]);
});

test('a ticket whose SLO joins the page of its service is over, and says nothing more', async () => {
  await at.apply(at.verdict(slo, 'ticket-slow'));
  await deliverAll();
  later(60);
  await at.apply(at.verdict('voiceover-latency', 'page-fast'), at.verdict(slo, 'ticket-slow'));
  expect((await open()).map(({ level }) => level).sort()).toEqual(['page', 'ticket']);
  later(1);
  await at.apply(at.verdict('voiceover-latency', 'page-fast'), at.verdict(slo, 'page-slow'));
  await deliverAll();
  expect(await standing()).toEqual([['high', 'page']]);
  await pollPagerDuty(at.deps);
  expect(await open()).toMatchObject([{ level: 'page' }]);
});

test('what burns on at a ticket tier after its page opens no ticket for two hours, then one of its own', async () => {
  await at.apply(at.verdict(slo, 'page-fast'));
  await deliverAll();
  const [page] = await open();
  later(30);
  await at.apply(at.verdict(slo, 'ticket-slow'));
  await deliverAll();
  expect([await open(), await standing()]).toEqual([[], []]);
  later(119);
  await at.apply(at.verdict(slo, 'ticket-slow'));
  expect(await open()).toEqual([]);
  later(2);
  await at.apply(at.verdict(slo, 'ticket-slow'));
  await at.apply(at.verdict(slo, 'ticket-slow'));
  await deliverAll();
  expect(await standing()).toEqual([['low', 'ticket']]);
  const [ticket, ...others] = await open();
  expect([ticket?.level, ticket?.id === page?.id, others]).toEqual(['ticket', false, []]);
});

test('what others open in PagerDuty is no ticket of ours', async () => {
  await at.apply(at.verdict(slo, 'ticket-slow'));
  const agent = { id: 'UADA', type: 'user_reference', name: 'Ada' } as const;
  at.pagerDuty.desk.create({ title: 'Disk full', urgency: 'high', service: 'PVOICE1', incidentKey: null }, agent);
  await pollPagerDuty(at.deps);
  expect((await open()).map(({ level, title }) => [level, title]).sort()).toEqual([
    ['page', 'Disk full'],
    ['ticket', slo],
  ]);
});

test('whoever closes a ticket in PagerDuty has seen it: it does not come again while it goes on', async () => {
  await at.apply(at.verdict(slo, 'ticket-slow'));
  await deliverAll();
  const { desk } = at.pagerDuty;
  desk.resolve(desk.standing()[0]!, { id: 'UADA', type: 'user_reference', name: 'Ada' });
  await pollPagerDuty(at.deps);
  later(45);
  await at.apply(at.verdict(slo, 'ticket-slow'));
  expect([await deliverAll(), (await open()).length]).toEqual([0, 1]);
});

test('a silence keeps a ticket too, and it opens when that is over', async () => {
  const silences = createSilenceStore(at.db, at.deps.notify, async () => undefined);
  const by = { name: 'Ada', email: 'ada@studio.example', at: at.clock.now(), address: null };
  const until = at.clock.now() + 30 * 60_000;
  await silences.make({ scope: 'service', target: 'voiceover', until, reason: 'Load test' }, by);
  await at.apply(at.verdict(slo, 'ticket-slow'));
  expect(await deliverAll()).toBe(0);
  const [incident] = await open();
  expect(await words(incident!.id)).toContainEqual(
    expect.stringContaining('Would have opened a ticket: voiceover-availability burns (silenced by Ada'),
  );
  later(30);
  await at.apply(at.verdict(slo, 'ticket-slow'));
  expect([await deliverAll(), await standing()]).toEqual([1, [['low', 'ticket']]]);
  expect(await words(incident!.id)).toContain('It still burns and its silence is over: its ticket opens now.');
});

test('tickets leave with their own integration key', async () => {
  await at.apply(at.verdict(slo, 'ticket-slow'), at.verdict('speech-provider-availability', 'page-fast'));
  expect(await at.deliver({ ticketRoutingKey: 'nobody-knows' })).toBe(1);
  expect(await standing()).toEqual([['high', 'page']]);
});

test('a declared endpoint hears of tickets in PagerDuty’s place, opening and end under one key, and tries again', async () => {
  await at.stop();
  at = await startHarness({ tickets: 'desk' });
  const heard: { key: string; body: unknown }[] = [];
  let down = true;
  const send: EndpointsWrite['send'] = async (_endpoint, _scope, message) => {
    if (down) throw new Error('The desk does not answer');
    heard.push(message);
    return { status: 200, body: '', ms: 1 };
  };
  const catalog = async () =>
    ({ ...(await at.deps.catalog()), endpoints: [{ name: 'desk', use: 'webhook' }] }) as unknown as Catalog;
  const deliver = () => at.deliver({ catalog, endpoints: { send }, tickets: 'desk' });
  await at.apply(at.verdict(slo, 'ticket-slow'));
  expect(await deliver()).toBe(0);
  down = false;
  later(1);
  expect(await deliver()).toBe(1);
  const [incident] = await open();
  await at.apply(at.verdict(slo, null));
  expect(await deliver()).toBe(1);
  const key = `firebreak/${incident!.id}/ticket`;
  expect(heard.map(({ body }) => body)).toMatchObject([
    {
      key,
      action: 'open',
      incident: incident!.id,
      link: `http://console/incidents/${incident!.id}`,
      service: 'voiceover',
    },
    { key, action: 'close' },
  ]);
  expect(new Set(heard.map((each) => each.key)).size).toBe(2);
  expect(at.pagerDuty.desk.standing()).toEqual([]);
});
