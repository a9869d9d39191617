import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { type CatalogWatch, watchCatalog } from '#app/catalog/watch-catalog.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { copyStudio, type StudioCopy } from './studio.ts';

let studio: StudioCopy;
let watch: CatalogWatch;
let seen: Catalog[];

async function start(options?: Parameters<typeof watchCatalog>[3]): Promise<void> {
  seen = [];
  watch = watchCatalog(studio.dir, (await readCatalog(studio.dir)).digest, (catalog) => seen.push(catalog), options);
}

beforeEach(async () => {
  studio = await copyStudio();
});
afterEach(async () => {
  await watch.close();
  await studio.remove();
});

test('an edited, a new, a renamed and a removed file are each seen once', async () => {
  await start();
  await studio.edit('flags/voiceover-v2.yaml', 'New voice model', 'Newer voice model');
  await vi.waitFor(() => expect(seen).toHaveLength(1), 5_000);
  expect(seen[0]!.flags.find(({ name }) => name === 'voiceover-v2')!.title).toBe('Newer voice model');
  await writeFile(join(studio.dir, 'runbooks/new-page.md'), '# New page\n');
  await vi.waitFor(() => expect(seen).toHaveLength(2), 5_000);
  await rename(join(studio.dir, 'runbooks/new-page.md'), join(studio.dir, 'runbooks/newer-page.md'));
  await vi.waitFor(() => expect(seen.at(-1)!.runbooks.map(({ slug }) => slug)).toContain('newer-page'), 5_000);
  await rm(join(studio.dir, 'runbooks/newer-page.md'));
  await vi.waitFor(() => expect(seen.at(-1)!.runbooks).toHaveLength(15), 5_000);
});

test('the same bytes again are no change', async () => {
  await start({ pollMs: 30, settleMs: 5 });
  await studio.edit('flags/voiceover-v2.yaml', 'New voice', 'New voice');
  await studio.edit('flags/voiceover-v2.yaml', 'New voice', 'Next voice');
  await vi.waitFor(() => expect(seen).toHaveLength(1), 5_000);
  expect(seen[0]!.flags.find(({ name }) => name === 'voiceover-v2')!.title).toBe('Next voice model');
});

test('a folder that did not exist is seen without any event for it', async () => {
  await rm(join(studio.dir, 'flags'), { recursive: true });
  await start({ pollMs: 30 });
  await mkdir(join(studio.dir, 'flags'));
  await vi.waitFor(() => expect(watch).toBeDefined());
  await writeFile(
    join(studio.dir, 'flags/late.yaml'),
    'apiVersion: firebreak/v1\nkind: Flag\nmetadata: { name: late }\nspec: { type: operational, owners: [voice], service: voiceover, safe: off, environments: [{ name: production }] }\n',
  );
  await vi.waitFor(() => expect(seen.at(-1)!.flags.map(({ name }) => name)).toEqual(['late']), 5_000);
});

test('a listener that throws is reported and heard again', async () => {
  const errors: unknown[] = [];
  let calls = 0;
  watch = watchCatalog(
    studio.dir,
    '',
    () => {
      calls++;
      throw new Error('busy');
    },
    { pollMs: 30, settleMs: 5, onError: (error) => errors.push(error) },
  );
  await vi.waitFor(() => expect(calls).toBe(1), 5_000);
  await studio.edit('flags/voiceover-v2.yaml', 'New voice', 'Next voice');
  await vi.waitFor(() => expect(calls).toBe(2), 5_000);
  expect(errors.map(String)).toEqual(['Error: busy', 'Error: busy']);
});
