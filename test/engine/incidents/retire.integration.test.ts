import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { retireSlos } from '#app/engine/incidents/retire-slos.server.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
let catalog: Catalog;
let retire: () => Promise<void>;

const slo = (id: string) => ({ id, title: id, service: 'voiceover', paging: 'firebreak' }) as Catalog['slos'][number];

beforeEach(async () => {
  at = await startHarness();
  catalog = { ...((await at.deps.catalog()) as Catalog), slos: [slo('voiceover-availability')], problems: [] };
  retire = retireSlos({ ...at.deps, catalog: async () => catalog });
});
afterEach(() => at.stop());

const minutes = (count: number) => at.clock.advance(count * 60_000);
const openAlerts = () => at.db.selectFrom('alert').select('slo').where('cleared_at', 'is', null).execute();
const standing = () => at.pagerDuty.desk.standing().map(({ title }) => title);

test('an SLO taken out of the catalog takes its alert, its page and its incident with it, and the timeline says why', async () => {
  const [opened] = await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  const id = opened?.incident.id ?? '';
  await at.deliver();
  expect(standing()).toHaveLength(1);

  catalog = { ...catalog, slos: [slo('another')] };
  await retire();
  minutes(1);
  await retire();
  expect(await openAlerts()).toHaveLength(1);
  minutes(1);
  await retire();
  await retire();
  expect(await openAlerts()).toEqual([]);
  await at.deliver();
  expect(standing()).toEqual([]);
  expect((await at.incidents.get(id))?.status).toBe('resolved');
  const lines = (await at.incidents.timeline(id)).map(({ text }) => text);
  expect(lines.filter((text) => text.includes('was taken out of the catalog'))).toHaveLength(1);
  expect(lines).toContain('Resolved: nothing that is still watched burns at a page tier.');
});

test('what is back within two minutes never left, and another alert keeps the incident open', async () => {
  await at.apply(at.verdict('voiceover-availability', 'page-fast'), at.verdict('voiceover-latency', 'page-slow'));
  const both = catalog;
  const none = { ...catalog, slos: [slo('another')] };
  for (const next of [none, both, none]) {
    catalog = next;
    await retire();
    minutes(1.5);
  }
  catalog = both;
  await retire();
  expect((await openAlerts()).map((alert) => alert.slo)).toContain('voiceover-availability');

  minutes(3);
  await retire();
  minutes(3);
  await retire();
  expect(await openAlerts()).toEqual([{ slo: 'voiceover-availability' }]);
  expect(await at.incidents.open()).toHaveLength(1);
});

test('a catalog that could not be read takes nothing out', async () => {
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  const problem = { file: '/x', line: 1, column: 1, severity: 'error' as const, message: 'There is no catalog here.' };
  catalog = { ...catalog, slos: [], problems: [{ ...problem, hint: null }] };
  await retire();
  minutes(5);
  await retire();
  expect(await openAlerts()).toHaveLength(1);
});
