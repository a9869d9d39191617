import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { handleWebhooks } from '#app/engine/incidents/handle-webhooks.server.ts';
import { pollChangeEvents } from '#app/engine/incidents/poll-change-events.server.ts';
import { pollOnCall } from '#app/engine/incidents/poll-on-call.server.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { syncPagerDuty } from '#app/engine/incidents/sync-pagerduty.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { routingKey, secret } from '#test/simulator/pagerduty/start.ts';
import { type Harness, startHarness } from './harness.ts';

const ada = { id: 'UADA', type: 'user_reference', name: 'Ada' } as const;
let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const later = (minutes: number) => at.clock.advance(minutes * 60_000);
const raise = (service: string, title = 'Something is wrong') =>
  at.pagerDuty.desk.create({ title, urgency: 'high', service, incidentKey: null }, ada);
const stored = () => at.db.selectFrom('pagerduty_incident').selectAll().orderBy('id').execute();

describe('incidents that Firebreak did not open', () => {
  test('one on a known service gets a page without an SLO, and an alert of that service joins it', async () => {
    const raised = raise('PVOICE1', 'Voices sound odd');
    await pollPagerDuty(at.deps);
    const [incident] = await at.incidents.open();
    expect(incident).toMatchObject({ title: 'Voices sound odd', service: 'voiceover', slo: null, tier: null });
    expect(await at.incidents.byPagerDuty(raised.id)).toEqual(incident);
    later(40);
    await at.apply(at.verdict('voiceover-availability', 'page-fast'));
    expect(await at.incidents.open()).toMatchObject([{ id: incident?.id, slo: 'voiceover-availability' }]);
  });

  test('one on a service outside the catalog gets a page of its own', async () => {
    raise('PFOREIGN');
    raise('PFOREIGN');
    await pollPagerDuty(at.deps);
    expect(await at.incidents.open()).toMatchObject([{ service: null }, { service: null }]);
  });

  test('a second one on a service with an open incident joins it; the incident ends with the last of them', async () => {
    const [one, two] = [raise('PVOICE1'), raise('PVOICE1')];
    await pollPagerDuty(at.deps);
    const [incident, ...more] = await at.incidents.open();
    expect(more).toEqual([]);
    expect(await at.incidents.pagerDuty(incident?.id ?? '')).toHaveLength(2);
    later(5);
    at.pagerDuty.desk.resolve(one, ada);
    await pollPagerDuty(at.deps);
    expect(await at.incidents.open()).toHaveLength(1);
    later(5);
    at.pagerDuty.desk.resolve(two, ada);
    await pollPagerDuty(at.deps);
    expect(await at.incidents.get(incident?.id ?? '')).toMatchObject({
      status: 'resolved',
      resolvedAt: at.clock.now(),
    });
  });

  test('one that PagerDuty forgot holds nothing open, and costs the others nothing', async () => {
    const raised = raise('PVOICE1');
    await pollPagerDuty(at.deps);
    const [incident] = await at.incidents.open();
    await at.db.updateTable('pagerduty_incident').set({ id: 'QGONE' }).where('id', '=', raised.id).execute();
    await at.db
      .updateTable('pagerduty_incident')
      .set({ body: JSON.stringify({ ...(await stored())[0]?.body, id: 'QGONE' }) })
      .execute();
    at.pagerDuty.desk.resolve(raised, ada);
    raise('PSTUDIO', 'another');
    later(1);
    await pollPagerDuty(at.deps);
    expect(await at.incidents.open()).toMatchObject([{ title: 'another' }]);
    expect((await at.incidents.timeline(incident?.id ?? '')).map((entry) => entry.text)).toContain(
      'PagerDuty #1 is gone: PagerDuty no longer knows it',
    );
    expect((await at.deps.observations.get('pagerduty', 'incidents')).error).toBeNull();
  });

  test('it is never answered by a page of ours', async () => {
    raise('PVOICE1');
    await pollPagerDuty(at.deps);
    expect(await at.deliver()).toBe(0);
  });
});

describe('a link whose webhook never came', () => {
  test('asking reads and attaches it, even one that is long over', async () => {
    const raised = raise('PVOICE1');
    at.pagerDuty.desk.resolve(raised, ada);
    later(300);
    expect(await at.incidents.byPagerDuty(raised.id)).toBeNull();
    await at.incidents.askFor(raised.id, ada.name);
    await at.incidents.askFor(raised.id, ada.name);
    expect(await handleWebhooks(at.deps)).toEqual({ read: 1, failed: 0 });
    expect(await at.incidents.byPagerDuty(raised.id)).toMatchObject({ status: 'resolved', service: 'voiceover' });
    expect(await handleWebhooks(at.deps)).toEqual({ read: 0, failed: 0 });
    later(1);
    await at.incidents.askFor(raised.id, ada.name);
    expect(await handleWebhooks(at.deps)).toEqual({ read: 1, failed: 0 });
  });

  test('an id that PagerDuty does not know is looked at once, and the answer is kept for the page', async () => {
    await at.incidents.askFor('QNOBODY', ada.name);
    await handleWebhooks(at.deps);
    expect(await at.deps.observations.get('pagerduty', 'incident/QNOBODY')).toMatchObject({
      value: { found: false },
      error: null,
    });
    expect(await at.deps.webhooks.waiting(10)).toEqual([]);
  });

  test('while PagerDuty is down the question waits', async () => {
    const raised = raise('PVOICE1');
    at.pagerDuty.faults.set('pagerduty', '500');
    await at.incidents.askFor(raised.id, ada.name);
    expect(await handleWebhooks(at.deps)).toEqual({ read: 0, failed: 1 });
    at.pagerDuty.faults.set('pagerduty', 'none');
    expect(await handleWebhooks(at.deps)).toEqual({ read: 1, failed: 0 });
    expect(await at.incidents.byPagerDuty(raised.id)).not.toBeNull();
  });
});

describe('webhooks at their worst', () => {
  test('doubled, late, disordered and partly lost: every incident ends in its true state, its timeline says each thing once', async () => {
    await at.stop();
    at = await startHarness({ manners: { lost: 0.3, doubled: 0.5, late: 0.4 } });
    const desk = at.pagerDuty.desk;
    const raised = Array.from({ length: 12 }, (_, index) =>
      raise(index % 2 ? 'PFOREIGN' : 'PVOICE1', `trouble ${index}`),
    );
    const pump = async () => {
      await at.pagerDuty.tick();
      await Promise.all([handleWebhooks(at.deps), handleWebhooks(at.deps)]);
    };
    for (const [index, incident] of raised.entries()) {
      later(0.3);
      if (index % 3 !== 0) desk.acknowledge(incident, ada);
      if (index % 2 === 0)
        desk.note(incident, { id: 'UADA', name: 'Ada', email: 'ada@studio.example' }, `note ${index}`);
      await pump();
      if (index % 4 === 0) desk.resolve(incident, ada);
    }
    for (let i = 0; i < 8; i += 1) {
      later(1);
      await pump();
    }
    later(1);
    await Promise.all([pollPagerDuty(at.deps), pollPagerDuty(at.deps)]);

    expect(at.answers.length).toBeGreaterThan(20);
    expect(new Set(at.answers)).toEqual(new Set([200]));
    const events = await at.db.selectFrom('webhook_event').select('id').execute();
    expect(at.answers.length).toBeGreaterThan(events.length);
    const rows = await stored();
    // Where every webhook of an incident that was over before the next poll got lost, nobody ever asked for it.
    for (const incident of raised.filter((one) => one.status !== 'resolved' || rows.some((row) => row.id === one.id))) {
      expect(rows.find((row) => row.id === incident.id)?.body).toMatchObject({
        status: incident.status,
        acknowledgedBy: incident.acknowledgements.map((one) => one.user.name),
      });
    }
    const notes = await at.db.selectFrom('timeline').select('text').where('kind', '=', 'note').execute();
    expect(new Set(notes.map((note) => note.text)).size).toBe(notes.length);
    const open = await at.incidents.open();
    expect(open.filter((incident) => incident.service === 'voiceover')).toHaveLength(1);
  });

  test('an old read that ends last does not undo what a newer one saw', async () => {
    const raised = raise('PVOICE1');
    const readAt = at.clock.now();
    const old = await at.deps.pagerDuty.incident(raised.id);
    later(1);
    at.pagerDuty.desk.acknowledge(raised, ada);
    await syncPagerDuty(at.deps, raised.id);
    await syncPagerDuty(at.deps, raised.id, { incident: old, readAt });
    expect((await stored())[0]?.body).toMatchObject({ status: 'acknowledged' });
  });
});

describe('the door', () => {
  const body = (id: string, title = 'x') =>
    JSON.stringify({ event: { id, event_type: 'incident.triggered', data: { id: 'Q1', type: 'incident', title } } });
  const sign = (raw: string, key = secret) => `v1=${createHmac('sha256', key).update(raw).digest('hex')}`;
  const send = (raw: string, signature: string | null) =>
    fetch(at.webhookUrl, {
      method: 'POST',
      headers: signature === null ? {} : { 'x-pagerduty-signature': signature },
      body: raw,
    });

  test('forged, tampered and unsigned events are refused and leave nothing behind', async () => {
    expect((await send(body('E1'), sign(body('E1'), 'a guess'))).status).toBe(403);
    expect((await send(body('E1', 'changed'), sign(body('E1')))).status).toBe(403);
    expect((await send(body('E1'), null)).status).toBe(400);
    expect((await send(body('E1'), 'v1=short')).status).toBe(400);
    expect((await send('{"not":"an event"}', sign('{"not":"an event"}'))).status).toBe(400);
    expect((await send('no json', sign('no json'))).status).toBe(400);
    expect(await at.deps.webhooks.waiting(10)).toEqual([]);
  });

  test('the same event twice is kept once and both are told it arrived', async () => {
    const replies = [
      await send(body('E1'), sign(body('E1'))),
      await send(body('E1'), `${sign('else')},${sign(body('E1'))}`),
    ];
    expect(replies.map((reply) => reply.status)).toEqual([200, 200]);
    expect(await Promise.all(replies.map((reply) => reply.json()))).toEqual([
      { accepted: true, duplicate: false },
      { accepted: true, duplicate: true },
    ]);
    expect(await at.deps.webhooks.waiting(10)).toMatchObject([{ id: 'E1', resourceId: 'Q1' }]);
  });

  test('after 300 unsigned in a minute strangers wait, the signed still come in', async () => {
    for (let sent = 0; sent < 300; sent += 30) {
      await Promise.all(Array.from({ length: 30 }, () => send(body('E1'), null)));
    }
    const refused = await send(body('E1'), null);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await send(body('E2'), sign(body('E2')))).status).toBe(200);
  });
});

test('who is on call is kept by catalog service, and a failure keeps the last answer', async () => {
  await pollOnCall(at.deps);
  const seen = at.clock.now();
  later(5);
  at.pagerDuty.faults.set('pagerduty', '500');
  await pollOnCall(at.deps);
  const observed = await at.deps.observations.get('pagerduty', 'oncall/voiceover');
  expect(observed).toMatchObject({
    value: [
      { person: 'Ada', level: 1 },
      { person: 'Grace', level: 2 },
    ],
    at: seen,
    errorAt: at.clock.now(),
  });
  expect(observed.error).toContain('500');
});

test('change events become changes, each once, on the service they name', async () => {
  const changes = createChangeStore(at.db, at.clock.now, async () => undefined);
  const send = (summary: string, source: string, details: object) =>
    fetch(`${at.pagerDuty.url}/v2/change/enqueue`, {
      method: 'POST',
      body: JSON.stringify({
        routing_key: routingKey,
        payload: { summary, source, timestamp: new Date(at.clock.now()).toISOString(), custom_details: details },
        links: [{ href: 'javascript:alert(1)' }, { href: 'https://ci.studio.example/42' }],
      }),
    });
  await send('Migration 0042', 'studio-api', {
    kind: 'migration',
    target: '0042_scenes',
    author: 'linus@studio.example',
  });
  later(1);
  await pollChangeEvents({ ...at.deps, changes });
  await send('Deploy hook', 'voiceover', {});
  later(1);
  await pollChangeEvents({ ...at.deps, changes });
  await pollChangeEvents({ ...at.deps, changes });
  expect(await changes.recent({ limit: 10 })).toMatchObject([
    { source: 'pagerduty', kind: 'other', service: 'voiceover', title: 'Deploy hook' },
    {
      kind: 'migration',
      service: 'studio-api',
      target: '0042_scenes',
      actor: 'linus@studio.example',
      url: 'https://ci.studio.example/42',
    },
  ]);
});
