import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '#cli/run.ts';
import { copyStudio, studioFolder } from '../catalog/studio.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'firebreak-slo-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function firebreak(...args: string[]) {
  const screen = { out: [] as string[], err: [] as string[] };
  const code = await run(args, {
    env: {},
    out: (line) => screen.out.push(line),
    err: (line) => screen.err.push(line.replaceAll(`${dir}/`, '')),
  });
  return { code, out: screen.out.join('\n'), err: screen.err };
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(dir, name), text);
  return join(dir, name);
}

const sloth = `version: prometheus/v1
service: shop
labels: { team: sales }
slos:
  - name: answers
    objective: 99.9
    sli:
      events:
        error_query: sum(rate(http_total{code=~"5.."}[{{.window}}]))
        total_query: sum(rate(http_total[{{.window}}]))
  - name: opaque
    objective: 90
    sli: { raw: { error_ratio_query: job:error:ratio } }
`;

test('what is imported from Sloth goes through the linter and out to Prometheus; what is not is said', async () => {
  const imported = await firebreak('slo', 'import', await file('sloth.yaml', sloth));
  expect(imported.code).toBe(1);
  expect(imported.err).toEqual([expect.stringMatching(/^sloth\.yaml:13:38 error A ratio without its counts/)]);
  const slos = await file('slos.yaml', imported.out);
  expect(await firebreak('slo', 'lint', slos)).toMatchObject({ code: 0, err: [] });
  const rules = await firebreak('slo', 'export', slos, '--to', 'prometheus', '--base-url', 'https://fb.example/');
  expect(rules).toMatchObject({ code: 0, err: [] });
  expect(rules.out).toMatch(/^groups:\n/);
  expect(rules.out).toContain('firebreak_url: https://fb.example/slos/shop-answers');
});

test("the studio's SLOs go to Cloud Monitoring, and come back into a catalog that passes its check", async () => {
  const exported = await firebreak('slo', 'export', studioFolder, '--to', 'cloud-monitoring');
  // One is counted by Prometheus, one is the worst of a gauge: Cloud Monitoring has neither.
  expect(exported.code).toBe(1);
  expect(exported.err.filter((line) => line.includes(' error '))).toEqual([
    expect.stringMatching(/billing\.yaml:\d+:\d+ error billing-availability: This SLO is counted by Prometheus/),
    expect.stringMatching(/render-worker\.yaml:\d+:\d+ error render-worker-backlog: .* a gauge/),
  ]);
  expect(exported.err).toContainEqual(expect.stringMatching(/voiceover\.yaml:24:33 warning .* at most 25 h/));
  expect(Object.keys(JSON.parse(exported.out))).toEqual(['services', 'serviceLevelObjectives', 'alertPolicies']);

  const studio = await copyStudio();
  try {
    const json = await file('slos.json', exported.out);
    for (const name of ['voiceover', 'studio-api', 'render-worker'])
      await rm(join(studio.dir, 'alerts', `${name}.yaml`));
    const alerts = join(studio.dir, 'alerts');
    const written = await firebreak('slo', 'import', json, '--out', alerts);
    expect(written).toMatchObject({ code: 0, err: [] });
    expect(written.out.split('\n')).toContain(join(alerts, 'voiceover-availability.yaml'));
    const checked = await firebreak('check', studio.dir);
    expect(checked.out).toContain('6 SLOs');
    expect(checked.out).not.toMatch(/alerts\/.* error/);
    const again = await firebreak('slo', 'import', json, '--out', alerts);
    expect(again.code).toBe(1);
    expect(again.err).toHaveLength(written.out.split('\n').length);
    expect(again.err[0]).toContain('This file is there already and was left alone.');
  } finally {
    await studio.remove();
  }
});

test('--out writes one file a document, named after it', async () => {
  await firebreak('slo', 'import', await file('sloth.yaml', sloth), '--out', join(dir, 'new'));
  expect((await readdir(join(dir, 'new'))).sort()).toEqual(['shop-answers.yaml', 'shop.service.yaml']);
  expect(await readFile(join(dir, 'new', 'shop.service.yaml'), 'utf8')).toContain('firebreak.dev/owner: sales');
});

test('hostile and broken files end in an error, never in a crash', async () => {
  for (const [name, text] of [
    ['a.json', '{'],
    ['b.json', '[1, {"serviceLevelIndicator": 3}]'],
    ['c.json', '{"serviceLevelObjectives": [null, 7, "x", {}]}'],
    ['d.yaml', 'version: prometheus/v1\nslos: 3\n'],
    [
      'e.yaml',
      `version: prometheus/v1\nservice: ${'('.repeat(100)}\nslos: [{ name: x, objective: .nan, sli: { events: { error_query: ${'('.repeat(40)}, total_query: "" } } }]\n`,
    ],
    ['f.json', '{"serviceLevelObjectives": [{"name": "__proto__", "goal": 1e999, "serviceLevelIndicator": {}}]}'],
    ['g.yaml', ''],
  ] as const) {
    const { code, out, err } = await firebreak('slo', 'import', await file(name, text));
    expect({ name, code, out }).toEqual({ name, code: 1, out: '' });
    expect(err.length).toBeGreaterThan(0);
  }
  const missing = await firebreak('slo', 'import', join(dir, 'none.yaml'));
  expect(missing).toMatchObject({ code: 1, err: ['none.yaml:1:1 error There is no such file.'] });
});

test.each([
  [['slo', 'import'], 'Name at least one file.'],
  [['slo', 'import', 'x', '--days', '0'], '--days 0 is not'],
  [['slo', 'export', 'x'], '--to is one of'],
  [['slo', 'export', '--to', 'prometheus'], 'Name at least one'],
  [['slo', 'export', 'x', '--to', 'prometheus', '--base-url', 'nowhere'], 'not an http address'],
])('%j is misuse', async (args, expected) => {
  const { code, out, err } = await firebreak(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.join()).toContain(expected);
});

test('slo --help explains all of them with examples', async () => {
  const { code, out } = await firebreak('slo', '--help');
  expect(code).toBe(0);
  for (const name of ['slo eval', 'slo lint', 'slo import', 'slo export']) expect(out).toContain(name);
  expect(out).toContain('firebreak slo export . --to cloud-monitoring');
});
