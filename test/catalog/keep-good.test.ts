import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCatalogReader } from '#app/catalog/catalog-reader.server.ts';
import type { InForce } from '#app/catalog/keep-good.ts';
import { copyStudio, type StudioCopy } from './studio.ts';

let studio: StudioCopy;
let read: () => Promise<InForce>;

beforeEach(async () => {
  studio = await copyStudio();
  read = createCatalogReader(studio.dir, null, { now: () => Date.parse('2026-11-22T00:00:00Z') });
  await read();
});
afterEach(() => studio.remove());

const sloIds = ({ catalog }: InForce) => catalog.slos.map(({ id }) => id);
const said = ({ catalog }: InForce) =>
  catalog.problems.map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);

test('an SLO whose file breaks stays watched as it was, and the problem is shown in its place until it is mended', async () => {
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 199');
  const broken = await read();
  expect(broken.catalog.slos.find(({ id }) => id === 'voiceover-latency')?.objective).toBe(0.99);
  expect(said(broken)).toEqual([
    'alerts/voiceover.yaml:93:22 "targetPercent" is in [0, 100).',
    'alerts/voiceover.yaml:93:22 This version is not taken in: the one read before stays in force.',
  ]);
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 199', 'targetPercent: 98');
  const mended = await read();
  expect(mended.catalog.slos.find(({ id }) => id === 'voiceover-latency')?.objective).toBe(0.98);
  expect(mended.catalog.problems).toEqual([]);
});

test('another process that begins with the broken file on disk goes on with the files that were in force', async () => {
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 199');
  const { files } = await read();
  const other = createCatalogReader(studio.dir, files);
  expect(sloIds(await other())).toContain('voiceover-latency');
});

test('edits of good files are taken in while another file is broken', async () => {
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 199');
  await studio.edit('flags/voiceover-v2.yaml', 'New voice model', 'Newer voice model');
  const { catalog } = await read();
  expect(catalog.flags.find(({ name }) => name === 'voiceover-v2')?.title).toBe('Newer voice model');
});

test.each([
  ['emptied', async () => writeFile(join(studio.dir, 'alerts/voiceover.yaml'), '')],
  ['no text', async () => writeFile(join(studio.dir, 'alerts/voiceover.yaml'), Buffer.from([0x61, 0xff, 0xfe]))],
  [
    'renamed and broken at once',
    async () => {
      await studio.edit('alerts/voiceover.yaml', 'kind: SLO', 'kind: SLOO');
      await rename(join(studio.dir, 'alerts/voiceover.yaml'), join(studio.dir, 'alerts/voice.yaml'));
    },
  ],
  ['gone with its whole folder', async () => rm(join(studio.dir, 'alerts'), { recursive: true })],
])('a file that is %s takes no SLO away', async (_how, change) => {
  const before = sloIds(await read());
  await change();
  const after = await read();
  expect(sloIds(after).sort()).toEqual([...before].sort());
  expect(after.catalog.problems).not.toEqual([]);
});

test('an SLO does not go with a service that was taken out under it', async () => {
  await studio.edit('alerts/voiceover.yaml', '  service: voiceover\n', '  service: voice-over\n');
  await studio.edit('alerts/voiceover.yaml', '  service: voiceover\n', '  service: voice-over\n');
  const after = await read();
  expect(sloIds(after)).toEqual(expect.arrayContaining(['voiceover-availability', 'voiceover-latency']));
  expect(said(after).join('\n')).toContain('There is no service "voice-over".');
});

test('an SLO taken out without an error is out, also while a runbook still names it', async () => {
  await studio.edit('alerts/voiceover.yaml', 'name: voiceover-latency', 'name: voiceover-speed');
  const after = await read();
  expect(sloIds(after)).not.toContain('voiceover-latency');
  expect(sloIds(after)).toContain('voiceover-speed');
});

test('the steps of a runbook that breaks stay as they were, and its page says why', async () => {
  const before = (await read()).catalog.runbooks.find(({ slug }) => slug === 'voiceover-burn')!;
  await studio.edit('runbooks/voiceover-burn.md', 'uses: flag.kill', 'uses: flag.killl');
  const after = (await read()).catalog.runbooks.find(({ slug }) => slug === 'voiceover-burn')!;
  expect(after.steps).toEqual(before.steps);
  expect(after.digest).toBe(before.digest);
  expect(after.problems.map(({ message }) => message).join('\n')).toMatch(/flag\.killl[\s\S]*not taken in/);
});

test('a file that never was good is taken as it is', async () => {
  const other = createCatalogReader(studio.dir, null);
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 199');
  expect(sloIds(await other())).not.toContain('voiceover-latency');
  await studio.edit('alerts/voiceover.yaml', 'targetPercent: 199', 'targetPercent: 299');
  const { catalog } = await other();
  expect(catalog.problems.map(({ message }) => message).join('\n')).not.toContain('not taken in');
});
