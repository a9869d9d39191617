import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import { tellApprovers } from '#app/engine/tell-approvers.server.ts';
import { giveAccounts } from '#test/support/accounts.ts';
import { testDatabase } from '#test/support/database.ts';
import { fakeAction, fakeTarget } from './fake-target.ts';
import { by, confirm, gated, glass, mary, openPlanned } from './gated.ts';
import { ada, grace, startProcess, type TestProcess } from './harness.ts';

const database = testDatabase({ each: true });
let process: TestProcess;

const chat = (name: string) => ({ name, title: `#${name}`, use: 'chat', url: 'https://chat.example/x' });
const catalog = {
  ...gated({ people: 1, from: ['media-platform'], requester: 'excluded' }),
  endpoints: [chat('media-platform'), chat('voice'), chat('incidents')],
} as unknown as Catalog;

beforeEach(async () => {
  const actions = [fakeAction('flag.restore', 'forward', fakeTarget('off'), 'on')];
  process = await startProcess({ url: database.url, catalog, actions });
  await giveAccounts(process.db, [ada, grace, mary]);
});
afterEach(async () => {
  await process.stop();
});

const tell = (of: Catalog = catalog) =>
  tellApprovers({
    ...{ db: process.db, clock: { now: () => 1_000 }, catalog: async () => of, notify: async () => undefined },
    incidents: { pagerDuty: async () => [] },
    ...{ environment: 'production', from: 'ada@studio.example' },
    stepUrl: (run, step) => `https://firebreak.example/runs/${run}#step-${step}`,
  })();
const sent = async () => {
  const rows = await process.db.selectFrom('outbox').selectAll().orderBy('created_at').orderBy('dedup_key').execute();
  return rows.map(({ body }) => body as { endpoint: string; text: string; link: string });
};

test('the team that a rule names hears of it once, with the plan and where to read it; the requester hears how it ended', async () => {
  const of = await openPlanned(process, grace);
  await confirm(process, of, grace);
  await tell();
  await tell();
  const [asked, ...more] = await sent();
  expect(more).toEqual([]);
  expect(asked?.endpoint).toBe('media-platform');
  expect(asked?.text).toContain(
    'Grace asks: “The cause is mended.” Needed: 1 person of media-platform (flag voiceover-v2).',
  );
  expect(asked?.text).toMatch(/\n[-+] /);
  expect(asked?.link).toBe(`https://firebreak.example/runs/${of.runId}#step-restore`);
  await process.runs.reject({ ...of, ...by(mary), reason: 'Not before noon.' });
  await tell();
  const ended = (await sent()).filter(({ text }) => text.startsWith('Not approved'));
  expect(ended.map(({ endpoint }) => endpoint)).toEqual(['media-platform']);
  expect(ended[0]?.text).toContain('Rejected by Mary: Not before noon.');
});

test('where no team has a chat of its own, all declared ones hear of broken glass', async () => {
  const of = await openPlanned(process, ada);
  await process.runs.breakGlass({ ...of, ...glass, ...by(ada) });
  await tell({ ...catalog, endpoints: [chat('incidents'), chat('launch')] } as unknown as Catalog);
  expect((await sent()).map(({ endpoint, text }) => [endpoint, text.startsWith('Ada broke the glass: ')])).toEqual([
    ['incidents', true],
    ['launch', true],
  ]);
});
