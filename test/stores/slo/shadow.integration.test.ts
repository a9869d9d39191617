import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PagerDutyIncident } from '#app/domain/incident/incident.ts';
import { applyPagerDuty } from '#app/engine/incidents/apply-pagerduty.server.ts';
import { up } from '#app/stores/migrations/010-page-stretches.ts';
import { createShadowStore } from '#app/stores/slo/shadow.server.ts';
import { type Harness, startHarness } from '../../engine/incidents/harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const min = 60_000;
const slo = 'voiceover-availability';
const later = (minutes: number) => at.clock.advance(minutes * min);
const store = () => createShadowStore(at.db);
const shadow = { paging: 'shadow' as const };

test('a page stretch is from the first minute at a page tier to the last, not to the end of the ticket after it', async () => {
  const start = at.clock.now();
  await at.apply(at.verdict(slo, 'ticket-fast', shadow));
  later(10);
  await at.apply(at.verdict(slo, 'page-fast', shadow));
  later(20);
  expect(await store().pages([slo], start, at.clock.now())).toMatchObject([
    { slo, service: 'voiceover', tier: 'page-fast', from: start + 10 * min, to: null },
  ]);
  await at.apply(at.verdict(slo, 'ticket-slow', shadow));
  later(600);
  await at.apply(at.verdict(slo, null, shadow));
  const [page] = await store().pages([slo], start, at.clock.now());
  expect(page).toMatchObject({ from: start + 10 * min, to: start + 30 * min });
  expect(page?.incident).toBe((await at.incidents.recent(1))[0]?.id);
  // Only what touches the days asked for, and only of the SLOs asked for.
  expect(await store().pages([slo], start + 31 * min, at.clock.now())).toEqual([]);
  expect(await store().pages(['voiceover-latency'], start, at.clock.now())).toEqual([]);
});

test('a page that an alert clears from ends with it', async () => {
  const start = at.clock.now();
  await at.apply(at.verdict(slo, 'page-slow', shadow));
  later(15);
  await at.apply(at.verdict(slo, null, shadow));
  expect(await store().pages([slo], start, at.clock.now())).toMatchObject([{ from: start, to: start + 15 * min }]);
});

test('an installation that comes from before knows the pages of its alerts too', async () => {
  const start = at.clock.now();
  await at.apply(at.verdict(slo, 'ticket-fast', shadow), at.verdict('voiceover-latency', 'page-slow', shadow));
  later(10);
  await at.apply(at.verdict(slo, 'page-fast', shadow));
  later(20);
  await at.apply(at.verdict(slo, 'ticket-slow', shadow), at.verdict('voiceover-latency', null, shadow));
  const slos = [slo, 'voiceover-latency', 'studio-api-availability'];
  await at.apply(at.verdict('studio-api-availability', 'page-fast', shadow));
  const known = await store().pages(slos, start, at.clock.now());
  expect(known).toHaveLength(3);
  await sql`alter table alert drop column page_from, drop column page_to`.execute(at.db);
  await sql`alter table slo_state drop column since`.execute(at.db);
  await sql`drop index pagerduty_by_time`.execute(at.db);
  await up(at.db as Kysely<unknown>);
  expect(await store().pages(slos, start, at.clock.now())).toEqual(known);
});

test('real is what PagerDuty paged for at high urgency; our own page is about the services of our incident', async () => {
  const start = at.clock.now();
  await at.apply(at.verdict(slo, 'page-fast'));
  await at.deliver();
  const services = (await at.deps.catalog())!.services;
  const voice = services.find(({ id }) => id === 'voiceover')!.pagerDutyService!;
  const other = (id: string, change: Partial<PagerDutyIncident>): PagerDutyIncident => ({
    id,
    number: 40,
    title: id,
    status: 'resolved',
    urgency: 'high',
    service: { id: voice, name: 'Voice' },
    url: `https://pagerduty.example/${id}`,
    alertKeys: [],
    assignees: [],
    acknowledgedBy: [],
    escalatesAt: null,
    createdAt: start - 60 * min,
    resolvedAt: start - 30 * min,
    ...change,
  });
  const ours = await at.deps.pagerDuty.openIncidents();
  for (const incident of [other('QOTHER', {}), other('QLOW', { urgency: 'low' }), ...ours]) {
    await at.db.transaction().execute((tx) => applyPagerDuty(at.deps, tx, { incident, log: null, readAt: start }));
  }
  const incident = (await at.incidents.recent(5)).find((each) => each.slo === slo);
  expect(await store().incidents(start - 120 * min, start + min)).toMatchObject([
    { id: 'QOTHER', number: 40, services: ['voiceover'], ownSlo: null, from: start - 60 * min, to: start - 30 * min },
    { id: ours[0]!.id, services: ['voiceover'], ownSlo: slo, incident: incident?.id, to: null },
  ]);
  expect((await store().incidents(start - 29 * min, start + min)).map(({ id }) => id)).toEqual([ours[0]!.id]);
});
