import { beforeEach, expect, test } from 'vitest';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { createRunbookTextStore, storeRunbookTexts } from '#app/stores/runbook-texts.server.ts';
import { testDatabase } from '#test/support/database.ts';

const database = testDatabase();

beforeEach(() => database.db.deleteFrom('runbook_text').execute());

const head = (service: string, slo: string) =>
  `---\nrunbook:\n  version: 1\n  service: ${service}\n  slos: [${slo}]\n---\n`;
const store = () => createRunbookTextStore(database.db);

function keep(files: Record<string, string>, at = 1_000) {
  const runbooks = Object.entries(files).map(([slug, text]) =>
    parseRunbook(text, `runbooks/${slug}.md`, { digest: text.replaceAll('\0', '') }),
  );
  return database.db.transaction().execute((tx) => storeRunbookTexts(tx, runbooks, at));
}

const slugs = async (words: string, service: string | null = null, slo: string | null = null) =>
  (await store().search({ words, service, slo })).map(({ slug }) => slug);

const files = {
  queue: `${head('renderer', 'render-ok')}# The queue is full\n\nDrain the **workers** with \`kubectl drain\`.\n`,
  keys: `${head('shop', 'shop-ok')}# A key leaked\n\nRevoke it, then tell the workers' owner about a<b & "c".\n`,
  ask: '# Ask\n\n```yaml runbook-step\nid: a\nuses: manual\nwith: { ask: Is the fuse blown }\n```\n',
};

test('finds words in text, code and steps, titles first, with what stands around them', async () => {
  await keep(files);
  expect(await slugs('draining')).toEqual(['queue']);
  expect(await slugs('fuse')).toEqual(['ask']);
  expect((await slugs('worker')).sort()).toEqual(['keys', 'queue']);
  expect(await slugs('"kubectl drain"')).toEqual(['queue']);
  expect(await slugs('worker -kubectl')).toEqual(['keys']);
  expect(await slugs('shop-ok')).toEqual(['keys']);
  expect(await slugs('que')).toEqual(['queue']);
  expect(await slugs('nothing of this')).toEqual([]);
  const [found] = await store().search({ words: 'owner', service: null, slo: null });
  expect(found!.snippet.filter((part) => part.found)).toEqual([{ text: 'owner', found: true }]);
  expect(found!.snippet.map((part) => part.text).join('')).toContain("workers' owner about");
});

test('narrows by service and by alert, with words or without', async () => {
  await keep(files);
  expect(await slugs('', 'shop')).toEqual(['keys']);
  expect(await slugs('', null, 'render-ok')).toEqual(['queue']);
  expect(await slugs('worker', 'shop')).toEqual(['keys']);
  expect(await slugs('worker', 'shop', 'render-ok')).toEqual([]);
});

test('knows when a file changed, and forgets one that is gone', async () => {
  await keep(files, 1_000);
  expect(await store().changed()).toEqual(new Map(Object.keys(files).map((slug) => [slug, null])));
  await keep({ queue: files.queue, keys: `${files.keys}Now.\n`, more: '# More\n' }, 2_000);
  expect(await store().changed()).toEqual(
    new Map<string, number | null>([
      ['queue', null],
      ['keys', 2_000],
      ['more', 2_000],
    ]),
  );
  expect(await slugs('fuse')).toEqual([]);
});

test.each([["'"], ['%_\\'], ['a & | !'], ['((('], ['\0'], ['"open'], ['-'], ['<script>'], ['\ud800']])(
  'takes %j for words, not for a query',
  async (words) => {
    await keep(files);
    await expect(slugs(words)).resolves.toBeInstanceOf(Array);
  },
);

test('a page that is larger than what PostgreSQL indexes is found by its beginning', async () => {
  const words = Array.from({ length: 150_000 }, (_, index) => index.toString(36)).join(' ');
  await keep({ large: `---\ntitle: "L\\0"\n---\nfirst \0 ${words} last` });
  expect(await slugs('first')).toEqual(['large']);
  expect(await slugs('last')).toEqual([]);
});
