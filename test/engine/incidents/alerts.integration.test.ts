import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { handleWebhooks } from '#app/engine/incidents/handle-webhooks.server.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const later = (minutes: number) => at.clock.advance(minutes * 60_000);
const open = () => at.incidents.open();
const pages = async () => (await at.deps.pagerDuty.openIncidents()).map((incident) => incident.title);
const kinds = async (id: string) => (await at.incidents.timeline(id)).map((entry) => entry.kind);

test('a page-tier alert opens one incident and pages once, with the link to it; clearing resolves both', async () => {
  const changes = await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  expect(changes).toMatchObject([
    { change: 'opened', incident: { service: 'voiceover', slo: 'voiceover-availability' } },
  ]);
  const id = changes[0]?.incident.id ?? '';
  expect(await at.deliver()).toBe(1);
  expect(await at.deliver()).toBe(0);
  const [paged] = await at.deps.pagerDuty.openIncidents();
  expect(paged).toMatchObject({ title: 'voiceover-availability burns', alertKeys: [`firebreak/${id}/page`] });
  const page = await (await fetch(paged?.url ?? '')).text();
  expect(page).toContain(`href="http://console/incidents/${id}"`);
  expect((await at.incidents.get(id))?.pagedAt).toBe(at.clock.now());

  later(1);
  expect(await at.apply(at.verdict('voiceover-availability', 'page-fast'))).toEqual([]);
  expect(await at.deliver()).toBe(0);
  later(8);
  expect(await at.apply(at.verdict('voiceover-availability', null))).toMatchObject([{ change: 'resolved' }]);
  expect(await at.deliver()).toBe(1);
  expect(await pages()).toEqual([]);
  expect(await open()).toEqual([]);
  expect(await kinds(id)).toEqual(['onset', 'alert', 'page', 'alert', 'resolve', 'pagerduty']);
});

test('two replicas that apply the same verdict at once open one incident and send one page', async () => {
  const verdict = at.verdict('voiceover-availability', 'page-fast');
  await Promise.all([at.apply(verdict), at.apply(verdict), at.apply(verdict)]);
  expect(await open()).toHaveLength(1);
  const delivered = await Promise.all([at.deliver(), at.deliver(), at.deliver()]);
  expect(delivered.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await pages()).toHaveLength(1);
});

test('the victim joins its cause: one page, the parent named, the child listed', async () => {
  await at.apply(at.verdict('studio-api-availability', 'page-fast'), at.verdict('voiceover-availability', 'page-fast'));
  expect(await open()).toMatchObject([
    { service: 'voiceover', slo: 'voiceover-availability', children: ['studio-api'] },
  ]);
  await at.deliver();
  expect(await pages()).toEqual(['voiceover-availability burns']);
});

test('a cause that burns later takes the lead without a second page', async () => {
  await at.apply(at.verdict('studio-api-availability', 'page-fast'));
  later(4);
  await at.apply(at.verdict('studio-api-availability', 'page-fast'), at.verdict('voiceover-availability', 'page-slow'));
  expect(await open()).toMatchObject([{ service: 'voiceover', children: ['studio-api'] }]);
  await at.deliver();
  expect(await pages()).toEqual(['studio-api-availability burns']);
});

test('a re-trigger within two hours opens the same incident and pages again; later it is a new one', async () => {
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  const [first] = await open();
  later(10);
  await at.apply(at.verdict('voiceover-availability', null));
  later(60);
  expect(await at.apply(at.verdict('voiceover-availability', 'page-fast'))).toMatchObject([
    { change: 'reopened', incident: { id: first?.id, resolvedAt: null } },
  ]);
  while ((await at.deliver()) > 0) {}
  expect(await at.deps.pagerDuty.openIncidents()).toMatchObject([{ number: 2 }]);
  later(10);
  await at.apply(at.verdict('voiceover-availability', null));
  later(121);
  expect(await at.apply(at.verdict('voiceover-availability', 'page-fast'))).toMatchObject([{ change: 'opened' }]);
  expect((await open())[0]?.id).not.toBe(first?.id);
});

test('a ticket opens a ticket; when it rises that becomes a page, and easing back ends the page but not the alert', async () => {
  expect(await at.apply(at.verdict('voiceover-availability', 'ticket-fast'))).toMatchObject([{ change: 'opened' }]);
  expect(await open()).toMatchObject([{ level: 'ticket', pagedAt: null }]);
  later(30);
  expect(await at.apply(at.verdict('voiceover-availability', 'page-slow'))).toMatchObject([{ change: 'rose' }]);
  expect(await open()).toMatchObject([{ level: 'page' }]);
  const id = (await open())[0]?.id ?? '';
  later(30);
  expect(await at.apply(at.verdict('voiceover-availability', 'ticket-slow'))).toMatchObject([{ change: 'resolved' }]);
  expect(await at.incidents.alerts(id)).toMatchObject([
    { tier: 'ticket-slow', peakTier: 'page-slow', clearedAt: null },
  ]);
  expect((await at.incidents.timeline(id)).at(-1)?.text).toContain('Still at ticket tier: voiceover-availability');
  later(30);
  expect(await at.apply(at.verdict('voiceover-availability', 'page-fast'))).toMatchObject([{ change: 'reopened' }]);
});

test('what smouldered for hours stays a ticket when a page begins; a ticket that comes later on the same service joins the page', async () => {
  await at.apply(at.verdict('studio-api-availability', 'ticket-slow', { startedAt: null }));
  later(300);
  const smoulders = () => at.verdict('studio-api-availability', 'ticket-slow', { startedAt: null });
  await at.apply(at.verdict('voiceover-availability', 'page-fast'), smoulders());
  later(30);
  const late = at.verdict('voiceover-latency', 'ticket-slow', { startedAt: null });
  await at.apply(at.verdict('voiceover-availability', 'page-fast'), smoulders(), late);
  const [page, ticket, ...others] = await open();
  expect([page?.level, page?.children, ticket?.level, others]).toEqual(['page', [], 'ticket', []]);
  const slos = async (id = '') => (await at.incidents.alerts(id)).map((alert) => alert.slo).sort();
  expect(await slos(page?.id)).toEqual(['voiceover-availability', 'voiceover-latency']);
  expect(await slos(ticket?.id)).toEqual(['studio-api-availability']);
});

describe('who pages', () => {
  const wouldHave = async () => {
    const [incident] = await open();
    const entries = await at.incidents.timeline(incident?.id ?? '');
    return entries.filter((entry) => entry.text.startsWith('Would have paged')).map((entry) => entry.text);
  };

  test('a shadow SLO records what it would have paged, once', async () => {
    await at.apply(at.verdict('voiceover-availability', 'page-fast', { paging: 'shadow' }));
    later(1);
    await at.apply(at.verdict('voiceover-availability', 'page-fast', { paging: 'shadow' }));
    expect(await wouldHave()).toEqual(['Would have paged: voiceover-availability burns (its paging is shadow)']);
    expect(await at.deliver()).toBe(0);
  });

  test('an SLO that Cloud Monitoring pages for says nothing here', async () => {
    await at.apply(at.verdict('voiceover-availability', 'page-fast', { paging: 'cloud-monitoring' }));
    expect(await wouldHave()).toEqual([]);
    expect(await at.deliver()).toBe(0);
  });

  test('a shadow incident pages as soon as an SLO joins that pages through Firebreak', async () => {
    await at.apply(at.verdict('voiceover-availability', 'page-fast', { paging: 'shadow' }));
    later(2);
    await at.apply(at.verdict('voiceover-latency', 'page-slow'));
    expect(await at.deliver()).toBe(1);
  });

  test('outside act nothing is sent, not even what an earlier act left in the outbox', async () => {
    await at.apply(at.verdict('voiceover-availability', 'page-fast'));
    expect(await at.deliver({ mode: 'observe' })).toBe(0);
    expect(await pages()).toEqual([]);
  });
});

test('in observe mode an incident opens and nobody is paged', async () => {
  await at.stop();
  at = await startHarness({ mode: 'observe' });
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  const [incident] = await open();
  expect(await at.db.selectFrom('outbox').selectAll().execute()).toEqual([]);
  expect((await at.incidents.timeline(incident?.id ?? '')).at(-1)?.text).toContain('FIREBREAK_MODE is observe');
});

describe('PagerDuty down', () => {
  test('the page waits, then leaves in order with its resolve', async () => {
    at.pagerDuty.faults.set('pagerduty', '500');
    await at.apply(at.verdict('voiceover-availability', 'page-fast'));
    expect(await at.deliver()).toBe(0);
    expect(await at.deliver()).toBe(0);
    later(3);
    await at.apply(at.verdict('voiceover-availability', null));
    at.pagerDuty.faults.set('pagerduty', 'none');
    expect(await at.deliver()).toBe(1);
    expect(await pages()).toHaveLength(1);
    expect(await at.deliver()).toBe(1);
    expect(await pages()).toEqual([]);
  });

  test('an event that PagerDuty will never take does not hold up the next one', async () => {
    await at.apply(at.verdict('voiceover-availability', 'page-fast', { summary: '' }));
    expect(await at.deliver()).toBe(0);
    later(3);
    await at.apply(at.verdict('voiceover-availability', null));
    expect(await at.deliver()).toBe(1);
    const rows = await at.db.selectFrom('outbox').select(['error', 'delivered_at']).orderBy('created_at').execute();
    expect(rows).toMatchObject([{ delivered_at: null, error: expect.stringContaining('400') }, { error: null }]);
  });

  test('a process that dies after sending sends again, and PagerDuty joins it', async () => {
    await at.apply(at.verdict('voiceover-availability', 'page-fast'));
    await at.deliver();
    await at.db.updateTable('outbox').set({ delivered_at: null, next_at: 0 }).execute();
    expect(await at.deliver()).toBe(1);
    expect(await pages()).toHaveLength(1);
  });
});

test('what people do in PagerDuty stands in the timeline; resolving what burns does not end it and pages anew', async () => {
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  await at.deliver();
  const id = (await open())[0]?.id ?? '';
  const [paged] = await at.deps.pagerDuty.openIncidents();
  const ada = { id: 'UADA', type: 'user_reference', name: 'Ada' } as const;
  const desk = at.pagerDuty.desk;
  later(2);
  desk.acknowledge(desk.find(paged?.id ?? '')!, ada);
  desk.note(desk.find(paged?.id ?? '')!, { id: 'UADA', name: 'Ada', email: 'ada@studio.example' }, 'looking at it');
  later(1);
  desk.resolve(desk.find(paged?.id ?? '')!, ada);
  await pollPagerDuty(at.deps);
  await at.pagerDuty.tick();
  await handleWebhooks(at.deps);
  expect(await open()).toMatchObject([{ id, status: 'open' }]);
  const words = (await at.incidents.timeline(id)).map((entry) => entry.text);
  for (const text of ['Ada acknowledged PagerDuty #1', 'looking at it', 'Ada resolved PagerDuty #1']) {
    expect(words.filter((word) => word === text)).toHaveLength(1);
  }
  later(29);
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  expect(await at.deliver()).toBe(0);
  later(2);
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  expect(await at.deliver()).toBe(1);
  expect(await at.deps.pagerDuty.openIncidents()).toMatchObject([{ number: 2 }]);
});
