import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { studioFolder } from '../catalog/studio.ts';
import { firebreak } from './terminal.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firebreak-offline-'));
});
afterAll(() => rm(dir, { recursive: true }));

const write = (name: string, env: Record<string, string> = {}) =>
  firebreak(['export', '--offline', join(dir, name), '--catalog', studioFolder, '--json'], env);

/** Every file below a folder with its text. */
async function filesIn(name: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(join(dir, name), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) found.set(path.slice(join(dir, name).length + 1), await readFile(path, 'utf8'));
  }
  return found;
}

test('there is a page for each runbook, service and flag, and the same catalog gives the same bytes', async () => {
  const { code, out } = await write('first');
  expect(code).toBe(0);
  const catalog = await readCatalog(studioFolder);
  const names = [
    'index.html',
    ...catalog.runbooks.map(({ slug }) => `runbooks/${slug}.html`),
    ...catalog.services.map(({ id }) => `services/${id}.html`),
    ...catalog.flags.map(({ name }) => `flags/${name}.html`),
  ];
  expect(JSON.parse(out)).toMatchObject({ pages: names.length, problems: [] });
  const first = await filesIn('first');
  expect([...first.keys()].sort()).toEqual([...names, 'runbook.css', 'written-by-firebreak.txt'].sort());
  await write('second');
  expect(await filesIn('second')).toEqual(first);
});

test('everything opens from a disk: links lead to files that are there, and nothing is fetched or run', async () => {
  await write('links');
  const files = await filesIn('links');
  const index = files.get('index.html')!;
  for (const name of files.keys())
    if (/^(runbooks|services|flags)\//.test(name)) expect(index).toContain(`href="${name}"`);
  for (const [name, text] of files) {
    if (!name.endsWith('.html')) continue;
    expect(text).not.toMatch(/<script|<img|<iframe|@import|url\(http/i);
    expect(text).toContain('<link rel="stylesheet"');
    for (const [, href] of text.matchAll(/href="([^"#]+)[^"]*"/g)) {
      if (/^https?:/.test(href!)) continue;
      expect([name, href, files.has(normalize(join(dirname(name), decodeURI(href!))))]).toEqual([name, href, true]);
    }
  }
});

test('a flag and a service say what makes them safe, and with which credentials', async () => {
  await write('safe');
  const files = await filesIn('safe');
  const flag = files.get('flags/voiceover-v2.html')!;
  expect(flag).toContain('Safe when off.');
  expect(flag).toContain('/features/voiceover-v2/environments/production/off');
  expect(flag).toContain('kill voiceover-v2 --direct');
  const service = files.get('services/voiceover.html')!;
  expect(service).toContain('gcloud run services update-traffic voiceover --project film-studio');
  expect(service).toContain('/services/PVOICE1');
  expect(service).toContain('owned by media-platform');
  const step = files.get('runbooks/speech-provider-outage.html')!;
  expect(step).toContain('/features/voiceover-fallback/environments/production/on');
  for (const name of ['UNLEASH_ADMIN_TOKEN', 'PAGERDUTY_ROUTING_KEY', 'FIREBREAK_REF_CHAT', 'roles/run.developer'])
    expect(files.get('index.html')).toContain(name);
});

test('instructions hold the values that are known without a run, and no expression', async () => {
  await write('values');
  const files = await filesIn('values');
  for (const [name, text] of files) {
    const commands = [...text.matchAll(/<pre[^>]*>([\s\S]*?)<\/pre>/g)].map(([, inner]) => inner);
    expect([name, commands.filter((each) => each!.includes('{{'))]).toEqual([name, []]);
  }
  const burn = files.get('runbooks/voiceover-burn.html')!;
  expect(burn).toContain('In place of [flag] write the one that you chose: Suspect flag.');
});

test('an earlier export is replaced whole, and nothing else is', async () => {
  await write('again');
  await writeFile(join(dir, 'again', 'flags', 'gone.html'), 'old');
  expect((await write('again')).code).toBe(0);
  expect((await filesIn('again')).has('flags/gone.html')).toBe(false);
  expect((await readdir(dir)).filter((name) => name.startsWith('.'))).toEqual([]);
  await mkdir(join(dir, 'mine'));
  await writeFile(join(dir, 'mine', 'letter.txt'), 'dear');
  expect(await write('mine')).toMatchObject({ code: 2, err: expect.stringContaining('holds something else') });
  expect(await readdir(join(dir, 'mine'))).toEqual(['letter.txt']);
});

test('without its database it writes what the files say; no secret of the environment is in any page', async () => {
  const env = { DATABASE_URL: 'postgres://x:hidden-secret@127.0.0.1:1/none', UNLEASH_ADMIN_TOKEN: 'admin-token-value' };
  const { code, err } = await write('down', env);
  expect(code).toBe(0);
  expect(err).toContain('The database cannot be read');
  for (const text of (await filesIn('down')).values()) expect(text).not.toMatch(/hidden-secret|admin-token-value/);
});

test('a folder that is no catalog is refused, and nothing is written', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'firebreak-empty-'));
  const refused = await firebreak(['export', '--offline', join(dir, 'none'), '--catalog', empty]);
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('is no catalog') });
  expect(await readdir(dir)).not.toContain('none');
  await rm(empty, { recursive: true });
});
