import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { splitFilter } from '#app/domain/slo/filter.ts';
import { copyStudio, type StudioCopy, studioFolder } from './studio.ts';

const at = (iso: string) => ({ now: () => Date.parse(iso) });

describe("the studio's catalog", async () => {
  const catalog = await readCatalog(studioFolder, at('2026-11-22T00:00:00Z'));

  test('has no errors and no warnings', () => {
    expect(catalog.problems).toEqual([]);
  });

  test('declares what the console and the simulated world live on', () => {
    expect(catalog.organisation).toBe('Film Studio');
    expect(
      catalog.services
        .filter(({ cloudRun }) => cloudRun)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['render-worker', 'studio-api', 'voiceover']);
    expect(catalog.slos.map(({ id, objective, paging }) => [id, objective, paging])).toEqual([
      ['billing-availability', 0.995, 'firebreak'],
      ['render-worker-availability', 0.995, 'firebreak'],
      ['render-worker-backlog', 0.99, 'firebreak'],
      ['studio-api-availability', 0.999, 'firebreak'],
      ['studio-api-latency', 0.99, 'firebreak'],
      ['voiceover-availability', 0.999, 'firebreak'],
      ['voiceover-latency', 0.99, 'firebreak'],
    ]);
    expect(catalog.profiles['voiceover-availability']!.tiers.map(({ factor }) => factor)).toEqual([14.4, 6, 3, 1]);
    expect(catalog.flags.map(({ name, safe }) => [name, safe.state])).toEqual([
      ['moodboard-analysis-v3', 'off'],
      ['render-worker-gpu-batching', 'off'],
      ['studio-api-new-timeline', 'off'],
      ['studio-api-read-cache', 'on'],
      ['voiceover-fallback', 'on'],
      ['voiceover-v2', 'off'],
    ]);
    expect(catalog.runbooks).toHaveLength(15);
    expect(catalog.dashboards!.map(({ slug, console }) => [slug, console.service])).toEqual([
      ['studio-api', 'studio-api'],
      ['voiceover', 'voiceover'],
    ]);
  });

  test('every filter can share its read with others', () => {
    const filters = catalog.slos.flatMap(({ indicator }) =>
      indicator.kind === 'prometheus'
        ? []
        : indicator.kind === 'latency' || indicator.kind === 'gauge'
          ? [indicator.source.filter]
          : [indicator.total.filter, indicator.kind === 'ratio' ? indicator.bad.filter : indicator.good.filter],
    );
    const cohorts = catalog.flags.flatMap(({ cohort }) => (cohort ? [cohort.filter] : []));
    expect([...filters, ...cohorts].filter((filter) => splitFilter(filter) === null)).toEqual([]);
  });
});

describe('what one document says of another', () => {
  let studio: StudioCopy;
  beforeEach(async () => {
    studio = await copyStudio();
  });
  afterEach(() => studio.remove());

  const problems = async () =>
    (await readCatalog(studio.dir, at('2026-11-22T00:00:00Z'))).problems.map(
      ({ file, line, column, severity, message, hint }) =>
        `${file}:${line}:${column} ${severity} ${message} | ${hint ?? ''}`,
    );

  test.each([
    [
      'alerts/voiceover.yaml',
      'depends-on: speech-provider',
      'depends-on: speach-provider',
      'alerts/voiceover.yaml:9:31 error There is no service "speach-provider". | Did you mean "speech-provider"?',
    ],
    [
      'alerts/voiceover.yaml',
      'runbook: voiceover-burn\nspec',
      'runbook: voiceover-brun\nspec',
      'alerts/voiceover.yaml:11:28 error There is no runbook "voiceover-brun". | Did you mean "voiceover-burn"?',
    ],
    [
      'alerts/voiceover.yaml',
      'burn-profile: default',
      'burn-profile: defualt',
      'alerts/voiceover.yaml:24:33 error There is no burn profile "defualt". | Did you mean "default"?',
    ],
    [
      'alerts/voiceover.yaml',
      '    firebreak.dev/runbook: voiceover-burn\n    firebreak.dev/min',
      '    firebreak.dev/min',
      'alerts/voiceover.yaml:20:9 warning SLO "voiceover-availability" has no runbook: whoever is paged starts from nothing.',
    ],
    [
      'alerts/voiceover.yaml',
      '- duration: 30d',
      '- duration: 28d',
      "alerts/voiceover.yaml:24:33 error Burn profile default is for 30 days, the SLO's period has 28.",
    ],
    [
      'alerts/voiceover.yaml',
      'target: 0.999',
      'target: 0.93',
      'alerts/voiceover.yaml:24:33 error Tier page-fast asks for 14.4×, and the largest possible burn rate is 14.3×: it can never fire.',
    ],
    [
      'flags/voiceover-v2.yaml',
      'service: voiceover',
      'service: voicover',
      'flags/voiceover-v2.yaml:12:12 error There is no service "voicover". | Did you mean "voiceover"?',
    ],
    [
      'flags/voiceover-v2.yaml',
      'voiceover-latency]',
      'voiceover-latncy]',
      'flags/voiceover-v2.yaml:13:34 error There is no SLO "voiceover-latncy". | Did you mean "voiceover-latency"?',
    ],
    [
      'flags/voiceover-v2.yaml',
      'name: voiceover-v2',
      'name: voiceover-fallback',
      'error Flag "voiceover-fallback" is declared twice.',
    ],
    [
      'dashboards/voiceover.console.yaml',
      'voiceover-burn',
      'voiceover-bur',
      'dashboards/voiceover.console.yaml:6:14 error There is no runbook "voiceover-bur". | Did you mean "voiceover-burn"?',
    ],
  ])('%s: %j → %j', async (path, from, to, expected) => {
    await studio.edit(path, from, to);
    expect((await problems()).join('\n')).toContain(expected);
  });

  test('a broken document costs only itself', async () => {
    await studio.edit('alerts/voiceover.yaml', 'targetPercent: 99', 'targetPercent: 199');
    const catalog = await readCatalog(studio.dir);
    expect(catalog.slos.map(({ id }) => id)).not.toContain('voiceover-latency');
    expect(catalog.slos).toHaveLength(6);
    expect(catalog.services).toHaveLength(11);
  });

  test('a typing error in the profile does not switch the alert off', async () => {
    await studio.edit('alerts/voiceover.yaml', 'burn-profile: default', 'burn-profile: defualt');
    const catalog = await readCatalog(studio.dir);
    expect(catalog.profiles['voiceover-availability']!.tiers[0]!.factor).toBe(14.4);
  });

  test('an SLO of an unknown service is left out; a flag of one can still be killed', async () => {
    await studio.edit('alerts/voiceover.yaml', '  service: voiceover\n', '  service: nobody\n');
    await studio.edit('flags/voiceover-fallback.yaml', '  service: voiceover\n', '  service: nobody\n');
    const catalog = await readCatalog(studio.dir);
    expect(catalog.slos.map(({ id }) => id)).not.toContain('voiceover-availability');
    expect(catalog.flags.map(({ name }) => name)).toContain('voiceover-fallback');
  });

  test('a runbook that names what does not exist is a problem of the runbook and of the catalog', async () => {
    await studio.edit('flags/voiceover-v2.yaml', 'name: voiceover-v2', 'name: voiceover-v4');
    await studio.edit('alerts/voiceover.yaml', 'name: voiceover-availability', 'name: voiceover-uptime');
    const catalog = await readCatalog(studio.dir);
    const page = catalog.runbooks.find(({ slug }) => slug === 'voiceover-burn')!;
    expect(page.problems.map(({ message }) => message)).toContain('There is no SLO "voiceover-availability".');
    expect(catalog.problems).toEqual(expect.arrayContaining(page.problems));
  });

  test('a link to a runbook that is gone leads nowhere', async () => {
    await writeFile(join(studio.dir, 'runbooks/extra.md'), '# Extra\n\nSee [the old page](old-page.md).\n');
    expect((await problems()).join('\n')).toContain('runbooks/extra.md:3:');
  });

  test('files that cannot be read are named', async () => {
    await writeFile(join(studio.dir, 'alerts/binary.yaml'), Buffer.from([0x61, 0xff, 0xfe]));
    await writeFile(join(studio.dir, 'alerts/huge.yaml'), `# ${'x'.repeat(600 * 1024)}`);
    await mkdir(join(studio.dir, 'alerts/folder.yaml'));
    await writeFile(join(studio.dir, 'alerts/README.txt'), 'not ours');
    expect(await problems()).toEqual([
      'alerts/binary.yaml:1:1 error The file is not UTF-8 text. | ',
      'alerts/folder.yaml:1:1 error The file cannot be read: EISDIR. | ',
      'alerts/huge.yaml:1:1 error The file has 601 KB; at most 512 KB are read. | Split the file.',
    ]);
  });

  test('no catalog at all is said, not thrown', async () => {
    const catalog = await readCatalog(join(studio.dir, 'nowhere'));
    expect(catalog.problems.map(({ message }) => message)).toEqual(['There is no catalog here.']);
    expect(catalog.slos).toEqual([]);
  });

  test('the digest follows the bytes', async () => {
    const before = (await readCatalog(studio.dir)).digest;
    expect((await readCatalog(studio.dir)).digest).toBe(before);
    await studio.edit('runbooks/bad-revision.md', '\n', '\n\n');
    expect((await readCatalog(studio.dir)).digest).not.toBe(before);
  });
});
