import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { calm, secret, start, startPagerDuty, type TestPagerDuty } from './start.ts';

const ada = { id: 'UADA', type: 'user_reference', name: 'Ada' } as const;
interface Arrival {
  event: { id: string; event_type: string; data: { id: string; status?: string; content?: string } };
  signed: boolean;
}
let arrivals: Arrival[];
let answer: number;
let listener: Server;
let pagerDuty: TestPagerDuty | null;
beforeEach(async () => {
  arrivals = [];
  answer = 200;
  listener = createServer(async (req, res) => {
    let raw = '';
    for await (const chunk of req) raw += chunk;
    const expected = `v1=${createHmac('sha256', secret).update(raw).digest('hex')}`;
    const signed = String(req.headers['x-pagerduty-signature']).split(',').includes(expected);
    if (answer === 200) arrivals.push({ event: JSON.parse(raw).event, signed });
    res.writeHead(answer).end();
  });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  await pagerDuty?.stop();
  listener.closeAllConnections();
  listener.close();
});

async function begin(manners = calm) {
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
  pagerDuty = await startPagerDuty({ webhook: { url, secret, formerSecret: 'retired' }, manners });
  return pagerDuty;
}
const raise = (at: TestPagerDuty, title = 'trouble') =>
  at.desk.create({ title, urgency: 'high', service: 'PVOICE1', incidentKey: null }, ada);
async function pass(at: TestPagerDuty, seconds: number) {
  for (let i = 0; i < seconds; i += 1) {
    at.clock.advance(1_000);
    await at.tick();
  }
}
const types = () => arrivals.map(({ event }) => event.event_type.replace('incident.', ''));

test('each event arrives within seconds, signed over its bytes beside an older signature', async () => {
  const at = await begin();
  const incident = raise(at);
  at.desk.acknowledge(incident, ada);
  at.desk.note(incident, { id: 'UADA', name: 'Ada', email: 'ada@studio.example' }, 'looking');
  at.desk.resolve(incident, ada);
  await at.tick();
  expect(arrivals).toEqual([]);
  await pass(at, 5);
  expect(types().sort()).toEqual(['acknowledged', 'annotated', 'resolved', 'triggered']);
  expect(arrivals.every((arrival) => arrival.signed)).toBe(true);
});

test('with bad manners events come twice, out of order, or never', async () => {
  const at = await begin({ lost: 0.2, doubled: 0.3, late: 0.3 });
  const raised = Array.from({ length: 40 }, (_, index) => raise(at, `trouble ${index}`).id);
  await pass(at, 180);
  const came = arrivals.map(({ event }) => event.data.id);
  const once = new Set(came);
  expect(once.size).toBeLessThan(raised.length);
  expect(came.length).toBeGreaterThan(once.size);
  expect([...once]).not.toEqual(raised.filter((id) => once.has(id)));
});

test('a console that answers 503 gets the event again, one that answers 403 does not', async () => {
  const at = await begin();
  raise(at);
  answer = 503;
  await pass(at, 6);
  answer = 200;
  await pass(at, 15);
  expect(types()).toEqual(['triggered']);
  answer = 403;
  raise(at);
  await pass(at, 6);
  answer = 200;
  await pass(at, 60);
  expect(types()).toEqual(['triggered']);
});

test('nobody acknowledging takes it to the next level at the minute it was due', async () => {
  const at = await begin();
  const incident = raise(at);
  at.clock.advance(9 * 60_000);
  await at.tick();
  expect(incident.assignees).toEqual(['UADA']);
  at.clock.advance(5 * 60_000);
  await at.tick();
  expect(incident).toMatchObject({ assignees: ['UGRACE'], level: 2, escalatesAt: null });
  expect(incident.log.find((entry) => entry.type === 'escalate_log_entry')?.at).toBe(start + 10 * 60_000);
  await pass(at, 5);
  expect(types()).toContain('escalated');
});

test('a restart finds incidents, notes and webhooks on their way', async () => {
  const at = await begin();
  const incident = raise(at);
  at.desk.note(incident, { id: 'UADA', name: 'Ada', email: 'ada@studio.example' }, 'looking');
  at.restart();
  expect(at.desk.find(incident.id)).toEqual(incident);
  expect(at.desk.find('1')?.id).toBe(incident.id);
  await pass(at, 5);
  expect(types().sort()).toEqual(['annotated', 'triggered']);
  expect(raise(at).number).toBe(2);
});

test('the page of an incident shows its links and lets nothing through as markup', async () => {
  const at = await begin();
  const incident = at.desk.trigger({
    key: 'k',
    summary: 'burns <script>alert(1)</script>',
    source: 'voiceover',
    severity: 'critical',
    service: null,
    links: [{ href: 'http://127.0.0.1:3000/incidents/i1', text: 'Open in Firebreak' }, { href: 'javascript:alert(1)' }],
    details: { burn: '25×' },
  });
  const html = await (await fetch(`${at.url}/incidents/${incident.number}/view`)).text();
  expect(html).toContain('<a href="http://127.0.0.1:3000/incidents/i1">Open in Firebreak</a>');
  expect(html).toContain('25×');
  expect(html).not.toContain('<script');
  expect(html).not.toContain('javascript:');
  expect((await fetch(`${at.url}/incidents/99/view`)).status).toBe(404);
});
