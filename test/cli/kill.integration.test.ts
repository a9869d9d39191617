import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { directlyCaptured } from '#app/stores/flag/direct-kills.server.ts';
import { run } from '#cli/run.ts';
import { testDatabase } from '#test/support/database.ts';
import { createUnleashFlag, rolloutUnleashFlag } from '#test/support/unleash.ts';
import { copyStudio, type StudioCopy } from '../catalog/studio.ts';
import { openUnleash } from '../clients/unleash/console.ts';

const unleash = openUnleash();
let studio: StudioCopy;
const database = testDatabase({ max: 2 });
let dir: string;
beforeAll(async () => {
  [studio, dir] = await Promise.all([copyStudio(), mkdtemp(join(tmpdir(), 'firebreak-kill-'))]);
});
afterAll(async () => {
  await Promise.all([studio.remove(), rm(dir, { recursive: true })]);
});

let flag: string;
beforeEach(async () => {
  flag = await createUnleashFlag('direct');
  await rolloutUnleashFlag(flag, 'production', 25);
  await writeFile(
    join(studio.dir, 'flags', `${flag}.yaml`),
    `apiVersion: firebreak/v1
kind: Flag
metadata: { name: ${flag} }
spec:
  type: release
  description: Test
  owners: [media-platform]
  service: voiceover
  safe: off
  environments: [{ name: production, protected: true }]
  expires: 2027-01-31
`,
  );
});

async function firebreak(args: string[], env: Record<string, string> = {}) {
  const { url, adminToken, clientToken } = inject('unleash');
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const code = await run(args, {
    env: {
      UNLEASH_URL: url,
      UNLEASH_ADMIN_TOKEN: adminToken,
      UNLEASH_CLIENT_TOKEN: clientToken,
      FIREBREAK_CATALOG: studio.dir,
      ...env,
    },
    out: say,
    err: say,
  });
  return { code, text: lines.join('\n') };
}

const kill = (journal: string, ...more: string[]) =>
  firebreak([
    'kill',
    flag,
    '--direct',
    '--reason',
    'It burns.',
    '--as',
    'ada@laptop',
    '--yes',
    '--journal',
    journal,
    ...more,
  ]);
const reconcile = (journal: string) => firebreak(['kill', '--reconcile', journal], { DATABASE_URL: database.url });
const audit = async () =>
  (await createAuditStore(database.db).page({ limit: 100 })).filter(
    ({ target }) => target === `flag/production/${flag}`,
  );
const followUps = async () =>
  database.db.selectFrom('follow_up').selectAll().where('target', '=', `flag/production/${flag}`).execute();

test('a flag is killed without a console, and its journal comes into the audit once, with the way back', async () => {
  const journal = join(dir, `${flag}.jsonl`);
  const killed = await kill(journal);
  expect(killed).toMatchObject({ code: 0, text: expect.stringContaining(`Done: ${flag} is off in production`) });
  expect(killed.text).toMatch(/✓ accepted: .*\n✓ recorded: event \d+.*\n✓ served: SDKs are served off/);
  const [production] = (await unleash.read.flag(flag)).environments.filter((one) => one.environment === 'production');
  expect(production).toMatchObject({ enabled: false });

  expect(await reconcile(journal)).toMatchObject({ code: 0, text: expect.stringContaining('with a follow-up') });
  const [line] = await audit();
  const intent = JSON.parse((await readFile(journal, 'utf8')).split('\n')[0]!) as { at: number; hash: string };
  expect(line).toMatchObject({
    at: intent.at,
    actor: 'ada@laptop',
    action: 'flag.killed-directly',
    reason: 'It burns.',
    before: { enabled: true },
    after: { hash: intent.hash, end: { outcome: 'done' } },
  });
  expect(await followUps()).toMatchObject([{ kind: 'flag-killed', owner: 'media-platform', service: 'voiceover' }]);
  expect(await directlyCaptured(database.db, `flag/production/${flag}`)).toMatchObject({
    at: intent.at,
    captured: { enabled: true, strategies: [{ parameters: { rollout: '25' } }] },
  });

  expect(await reconcile(journal)).toMatchObject({ code: 0, text: expect.stringContaining('in the audit already') });
  expect(await audit()).toHaveLength(1);
  expect(await followUps()).toHaveLength(1);
  expect(await createAuditStore(database.db).verify()).toMatchObject({ ok: true });
});

test('nothing of a journal whose chain is broken comes into the audit', async () => {
  const journal = join(dir, `${flag}.jsonl`);
  await kill(journal);
  await writeFile(journal, (await readFile(journal, 'utf8')).replace('ada@laptop', 'bob@laptop'));
  expect(await reconcile(journal)).toMatchObject({ code: 1, text: expect.stringContaining('Line 1: It was changed') });
  expect(await audit()).toEqual([]);
});

test('a flag that no file declares is killed only with a safe state given, and a declared one never against it', async () => {
  const journal = join(dir, `${flag}.jsonl`);
  expect(await kill(journal, '--safe', 'on')).toMatchObject({
    code: 1,
    text: expect.stringContaining('declared safe'),
  });
  await rm(join(studio.dir, 'flags', `${flag}.yaml`));
  expect(await kill(journal)).toMatchObject({ code: 1, text: expect.stringContaining('give --safe off') });
  expect(await readdir(dir)).not.toContain(`${flag}.jsonl`);
  expect(await kill(journal, '--safe', 'off')).toMatchObject({ code: 0 });
});

test('arguments are asked for in words', async () => {
  for (const [args, text] of [
    [['kill', flag], 'say --direct'],
    [['kill', flag, '--direct'], '--reason is missing'],
    [['kill', '--direct', '--reason', 'x'], 'Name one flag'],
    [['kill', flag, '--direct', '--reason', 'x', '--safe', 'maybe'], '--safe is off, on or variant:NAME'],
    [['kill', '--reconcile'], 'Name the journals'],
  ] as const)
    expect(await firebreak([...args])).toMatchObject({ code: 2, text: expect.stringContaining(text) });
});
