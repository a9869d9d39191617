import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import type { SourceState } from '#app/domain/slo/source-state.ts';
import { pollPagerDuty } from '#app/engine/incidents/poll-pagerduty.server.ts';
import { watchSources } from '#app/engine/metrics/watch-sources.server.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from '../incidents/harness.ts';

const slo = anSlo({
  indicator: { kind: 'ratio', total: { project: 'studio', filter: 't' }, bad: { project: 'studio', filter: 'b' } },
});
const seeing: SourceState = { readAt: 1, error: null, errorAt: null, silentFrom: null };
let at: Harness;
let catalog: Catalog;
const open = () => at.incidents.open();

const [lone, ...others] = ['a', 'b', 'c'].map((id) => ({ ...slo, id, title: id })) as [Slo, Slo, Slo];
const states = new Map<string, SourceState>();
const look = () =>
  watchSources({
    ...at.deps,
    mode: 'act',
    catalog: async () => catalog,
    sources: async () => states,
    cursors: createCursorStore(at.db),
  })();
const blind = (slos: readonly Slo[]) => {
  for (const { id } of slos) states.set(id, { ...seeing, silentFrom: at.clock.now() - 10 * minuteMs });
};
const pages = () => at.pagerDuty.desk.standing().map(({ title }) => title);
beforeEach(async () => {
  at = await startHarness();
  const gcp = { id: 'gcp', title: 'Cloud Monitoring', project: 'studio', owner: 'media-platform', runbook: 'blind' };
  catalog = { ...((await at.deps.catalog()) as Catalog), slos: [lone, ...others], flags: [], sources: [gcp] };
  for (const { id } of catalog.slos) states.set(id, seeing);
  blind([lone]);
  await look();
  await at.deliver();
  await pollPagerDuty(at.deps);
});
afterEach(() => at.stop());

const resolveIt = async () => {
  const [standing] = at.pagerDuty.desk.standing();
  await at.rest.resolve(standing!.id, 'ada@studio.example');
  await pollPagerDuty(at.deps);
};

test('one SLO is blind, and a person resolved that: when the rest goes blind too the incident is open again and pages', async () => {
  expect(await open()).toMatchObject([{ title: 'Blind: Cloud Monitoring gives no data for 1 of its 3 SLOs' }]);
  await resolveIt();
  expect([await open(), pages()]).toEqual([[], []]);
  at.clock.advance(7 * 24 * hourMs);
  await look();
  expect(await at.deliver()).toBe(0);
  blind(others);
  await look();
  await look();
  await at.deliver();
  expect(pages()).toEqual([expect.stringMatching(/^Blind for 10 min: no data, 3 SLOs are unwatched/)]);
  await pollPagerDuty(at.deps);
  expect(await open()).toMatchObject([{ title: 'Blind: Cloud Monitoring gives no data' }]);

  // They see again, all but the first: the next time is told as well.
  for (const { id } of others) states.set(id, seeing);
  await resolveIt();
  await look();
  expect([await at.deliver(), pages()]).toEqual([0, []]);
  blind(others);
  await look();
  await at.deliver();
  expect(pages()).toHaveLength(1);
});

test('one SLO is blind, and that is put aside in PagerDuty: the page of the rest is one of its own, not one that joins what stands', async () => {
  const [first] = at.pagerDuty.desk.standing();
  at.clock.advance(2 * hourMs);
  blind(others);
  await look();
  await at.deliver();
  await at.deliver();
  expect(at.pagerDuty.desk.standing()).toHaveLength(1);
  expect(at.pagerDuty.desk.standing()[0]!.id).not.toBe(first!.id);
});

const silenceIt = async () => {
  const from = at.clock.now();
  const by = { by_name: 'Ada', by_email: 'ada@studio.example', from_at: from, until_at: from + 30 * minuteMs };
  const silence = { id: 's', scope: 'source' as const, target: 'studio', reason: 'Maintenance', ...by };
  await at.db.insertInto('silence').values(silence).execute();
};

test('one SLO is blind, and the source is silenced: the page of the rest leaves when that is over', async () => {
  await resolveIt();
  await silenceIt();
  blind(others);
  await look();
  await look();
  expect([await at.deliver(), (await open()).length]).toEqual([0, 1]);
  at.clock.advance(30 * minuteMs);
  await look();
  await look();
  await at.deliver();
  expect(pages()).toHaveLength(1);
});

test.each(['source', 'project'])(
  'a blind page that waits, with its %s, does not leave once that is silenced',
  async (field) => {
    await resolveIt();
    blind(others);
    await look();
    await sql`
    update outbox set body = jsonb_set(body, '{details}', (body->'details') - 'source' || ${{ [field]: 'studio' }}::jsonb)
    where delivered_at is null`.execute(at.db);
    await silenceIt();
    expect([await at.deliver(), pages()]).toEqual([0, []]);
    const [incident] = await open();
    const lines = (await at.incidents.timeline(incident!.id)).map(({ text }) => text);
    expect(lines).toContainEqual(expect.stringMatching(/^A page that waited did not leave: silenced by Ada/));
    at.clock.advance(30 * minuteMs);
    await look();
    await at.deliver();
    expect(pages()).toHaveLength(1);
  },
);
