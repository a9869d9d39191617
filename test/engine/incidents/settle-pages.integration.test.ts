import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { applyAlertTransitions } from '#app/engine/incidents/apply-alerts.server.ts';
import { settlePages } from '#app/engine/incidents/settle-pages.server.ts';
import type { Db } from '#app/platform/db.server.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createSilenceStore } from '#app/stores/silences.server.ts';
import type { SloState } from '#app/stores/stores.ts';
import { history } from '../../support/pages/world.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

const minute = 60_000;
const source = { project: 'film-studio', filter: 'x' };
const ids = Array.from({ length: 12 }, (_, index) => `slo-${index}`);
/** Twelve services without a relation: each burn is an incident of its own. */
const catalog = async () =>
  ({
    services: ids.map((id) => ({
      id,
      title: id,
      owner: 'a-team',
      dependsOn: [],
      cloudRun: null,
      pagerDutyService: null,
    })),
    slos: ids.map((id) => ({
      ...{ id, title: id, service: id, paging: 'firebreak', objective: 0.999, period: { kind: 'rolling', days: 30 } },
      indicator: { kind: 'ratio', total: source, bad: source },
    })),
  }) as unknown as Catalog;

/** The database, and how many statements went to it. */
function counted(): { db: Db; statements: () => number } {
  let statements = 0;
  const db = at.db.withPlugin({
    transformQuery: ({ node }) => {
      statements++;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { db, statements: () => statements };
}

/** Looks again as the engine does; returns how many statements it took. */
async function settle(): Promise<number> {
  const { evaluation } = history('voiceover-availability', []);
  const { db, statements } = counted();
  const states = async () => ids.map((id) => ({ slo: id, evaluation }) as unknown as SloState);
  await settlePages({ ...at.deps, db, catalog, states });
  return statements();
}
const burn = (...slos: string[]) =>
  at.db.transaction().execute((tx) =>
    applyAlertTransitions(
      { ...at.deps, catalog },
      tx,
      slos.map((id) => ({ ...at.verdict(id, 'page-fast') })),
    ),
  );
const triggered = async () =>
  (await at.db.selectFrom('outbox').select('id').where('kind', '=', 'pagerduty-event').execute()).length;

test('looking again takes the same number of reads for one standing incident as for twelve', async () => {
  await burn(ids[0]!);
  const one = await settle();
  await burn(...ids.slice(1));
  expect((await at.incidents.recent(20)).length).toBe(12);
  expect(await triggered()).toBe(12);
  expect(await settle()).toBe(one);
  expect(one).toBeLessThanOrEqual(6);
  expect(await triggered()).toBe(12);
});

test('of many that stand only the one that has something to tell is told about, once', async () => {
  const silences = createSilenceStore(at.db, at.deps.notify, appendAudit);
  const ada = { name: 'Ada', email: 'ada@studio.example', at: at.clock.now(), address: null };
  await silences.make({ scope: 'slo', target: ids[3]!, until: at.clock.now() + 30 * minute, reason: 'Load test' }, ada);
  await burn(...ids);
  expect(await triggered()).toBe(11);
  at.clock.advance(31 * minute);
  await settle();
  await settle();
  expect(await triggered()).toBe(12);
});
