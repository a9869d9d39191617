import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Service } from '#app/domain/service/service.ts';
import type { Tier } from '#app/domain/slo/slo.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import { seeded } from '../../domain/slo/make.ts';
import { type Harness, startHarness } from './harness.ts';

const minute = 60_000;

/** Twelve services: ten hang on `database`, straight or through others; `island` and its `harbour` have nothing to do with it. */
const dependsOn: Record<string, string[]> = {
  database: [],
  accounts: ['database'],
  search: ['database'],
  billing: ['database', 'mail'],
  storage: ['database'],
  gateway: ['accounts'],
  web: ['gateway', 'search'],
  mobile: ['gateway'],
  exports: ['storage'],
  reports: ['exports', 'billing'],
  admin: ['reports', 'accounts'],
  mail: [],
  harbour: [],
  island: ['harbour'],
};
const victims = Object.keys(dependsOn).filter((id) => !['database', 'mail', 'harbour', 'island'].includes(id));
const services = Object.entries(dependsOn).map(
  ([id, on]): Service => ({
    id,
    title: id,
    description: '',
    owner: 'media-platform',
    kind: 'cloud-run',
    cloudRun: null,
    pagerDutyService: null,
    dependsOn: on,
    runbook: null,
  }),
);

let at: Harness;
beforeAll(async () => {
  at = await startHarness();
});
afterAll(() => at.stop());

/** SLO `id` (one for each service) burns from minute `onset` on and is seen at minute `seen`, both from the storm's start. */
interface Burning {
  id: string;
  onset: number;
  seen: number;
  tier?: Tier;
}

/** Plays a storm minute by minute with a delivery after each, an hour long; says what was sent, and what stood at its height. */
async function play(burning: readonly Burning[]) {
  const start = at.clock.now();
  const before = (await at.db.selectFrom('outbox').select('id').execute()).length;
  const catalog = { services, slos: [] } as unknown as Catalog;
  const apply = (tiers: (one: Burning) => Tier | null, of: readonly Burning[]) =>
    at.db.transaction().execute((tx) =>
      applyAlertTransitions(
        { ...at.deps, catalog: async () => catalog },
        tx,
        of.map((one) =>
          at.verdict(`${one.id}-availability`, tiers(one), {
            startedAt: start + one.onset * minute,
            summary: `${one.id} fails`,
            title: `${one.id} burns`,
          }),
        ),
      ),
    );
  for (let now = 0; now <= 60; now++) {
    at.clock.set(start + now * minute);
    await apply(
      ({ tier = 'page-fast' }) => tier,
      burning.filter(({ seen }) => seen <= now),
    );
    while ((await at.deliver()) > 0) {}
  }
  const standing = await at.incidents.open();
  const pages = (await at.deps.pagerDuty.openIncidents()).map(({ title }) => title);
  const lines = await at.incidents.timeline(standing[0]?.id ?? '');
  await apply(() => null, burning);
  while ((await at.deliver()) > 0) {}
  const sent = await at.db.selectFrom('outbox').select(['body']).orderBy('created_at').orderBy('id').execute();
  const left = await at.deps.pagerDuty.openIncidents();
  // Over two hours later it is another storm.
  at.clock.advance(3 * 60 * minute);
  return {
    standing,
    pages,
    lines: lines.map(({ text }) => text),
    sent: sent.slice(before).map(({ body }) => (body as { action: string }).action),
    left,
    open: await at.incidents.open(),
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((each) => [random(), each] as const)
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);
}

test('ten SLOs burn at once through one dependency that burns too: one page, the dependency named, the others listed', async () => {
  const all = ['database', ...victims].map((id) => ({ id, onset: 0, seen: 1 }));
  expect(victims).toHaveLength(10);
  const { standing, pages, sent, left, open } = await play(all);
  expect(standing).toMatchObject([{ service: 'database', slo: 'database-availability', title: 'database burns' }]);
  expect([...standing[0]!.children].sort()).toEqual([...victims].sort());
  expect(pages).toEqual(['database fails']);
  expect(sent).toEqual(['trigger', 'resolve']);
  expect([left, open]).toEqual([[], []]);
});

test('over ten minutes, in any order: one page, and the dependency leads as soon as it burns', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const random = seeded(seed);
    const order = shuffled(['database', ...victims], random);
    const burning = order.map((id, place) => ({ id, onset: place, seen: place + 2 + Math.floor(random() * 3) }));
    const { standing, pages, sent, left } = await play(burning);
    const told = `seed ${seed}: ${order.join(' ')}`;
    expect(
      standing.map(({ service, children }) => [service, [...children].sort()]),
      told,
    ).toEqual([['database', [...victims].sort()]]);
    expect(pages, told).toHaveLength(1);
    expect(sent, told).toEqual(['trigger', 'resolve']);
    expect(left, told).toEqual([]);
  }
});

test('the dependency burns last, ten minutes after the first: it takes the lead, and nobody is paged again', async () => {
  const burning = [
    ...victims.map((id, place) => ({ id, onset: place, seen: place + 2 })),
    { id: 'database', onset: 10, seen: 12 },
  ];
  const { standing, pages, lines, sent } = await play(burning);
  expect(standing).toMatchObject([{ service: 'database', title: 'database burns' }]);
  expect(standing[0]!.children).toHaveLength(victims.length);
  expect(pages).toEqual([`${victims[0]} fails`]);
  expect(sent).toEqual(['trigger', 'resolve']);
  expect(lines).toContain(`database burns too, and ${victims[0]} depends on it: it leads this incident now.`);
});

test('one that burns slowly is seen long after the others: what counts is when it began', async () => {
  const burning = [
    { id: 'database', onset: 0, seen: 2 },
    { id: 'search', onset: 8, seen: 45, tier: 'page-slow' as const },
  ];
  const { standing, sent } = await play(burning);
  expect(standing).toMatchObject([{ service: 'database', children: ['search'] }]);
  expect(sent).toEqual(['trigger', 'resolve']);
});

test('a dependency that no SLO watches is named as what they share', async () => {
  const burning = ['search', 'storage'].map((id, place) => ({ id, onset: place, seen: place + 2 }));
  const { standing, lines, pages } = await play(burning);
  expect(standing).toMatchObject([{ service: 'search', children: ['storage'] }]);
  expect(pages).toHaveLength(1);
  expect(lines).toContain('storage burns too; both depend on database.');
});

test('what hangs on something else burns by itself, also in the midst of the storm: a page of its own', async () => {
  const burning = ['database', ...victims, 'island'].map((id, place) => ({ id, onset: place % 10, seen: 12 }));
  const { standing, pages, sent } = await play(burning);
  expect(standing.map(({ service }) => service).sort()).toEqual(['database', 'island']);
  expect(pages.sort()).toEqual(['database fails', 'island fails']);
  expect(sent.sort()).toEqual(['resolve', 'resolve', 'trigger', 'trigger']);
});

test('eleven minutes apart is another cause, and another page', async () => {
  const { standing, sent } = await play([
    { id: 'search', onset: 0, seen: 2 },
    { id: 'storage', onset: 11, seen: 13 },
  ]);
  expect(standing).toHaveLength(2);
  expect(sent.filter((action) => action === 'trigger')).toHaveLength(2);
});
