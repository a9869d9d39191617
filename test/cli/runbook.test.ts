import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '#cli/run.ts';
import { copyStudio } from '../catalog/studio.ts';
import { copies } from '../domain/runbook/html.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'runbooks-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function write(files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
}

async function firebreak(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(args, { env: {}, out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out, err };
}

async function render(place = 'in') {
  const { code, out, err } = await firebreak(
    'runbook',
    'render',
    join(dir, place),
    '--out',
    join(dir, 'out'),
    '--json',
  );
  return { code, err, facts: out.map((line) => JSON.parse(line)) };
}

const html = (name: string) => readFile(join(dir, 'out', name), 'utf8');

const page = `---
title: Stop it
---
# Stop it

## Meaning

See [b](b.md#x), [c](../in/team/c.md), [d](d.md) and <https://a.example>.

\`\`\`sh
ls -l "ü"
\`\`\`

\`\`\`yaml runbook-panel
show: oncall
\`\`\`

\`\`\`yaml runbook-step
id: ack
uses: pagerduty.acknowledge
\`\`\`
`;

describe('runbook render', () => {
  test('writes one page a file, under the same paths, and says what is in each', async () => {
    await write({
      'in/a.md': page,
      'in/b.md': '# X\n',
      'in/team/c.markdown': '# C\n',
      'in/team/c.md': '[a](../a.md)\n',
    });
    const { code, err, facts } = await render();
    expect({ code, err }).toEqual({ code: 0, err: [] });
    expect(facts.map(({ file }) => file.slice(dir.length))).toEqual([
      '/in/a.md',
      '/in/b.md',
      '/in/team/c.markdown',
      '/in/team/c.md',
    ]);
    expect(facts[0]).toEqual({
      file: join(dir, 'in/a.md'),
      html: join(dir, 'out/a.html'),
      title: 'Stop it',
      headings: [
        { level: 1, text: 'Stop it', anchor: 'stop-it' },
        { level: 2, text: 'Meaning', anchor: 'meaning' },
      ],
      fences: [
        {
          line: 10,
          column: 1,
          language: 'sh',
          kind: 'text',
          bytes: 11,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
        { line: 14, column: 1, language: 'yaml', kind: 'panel', bytes: 13, sha256: expect.any(String) },
        { line: 18, column: 1, language: 'yaml', kind: 'step', bytes: 36, sha256: expect.any(String) },
      ],
      links: [
        { line: 8, column: 9, href: 'b.md#x', resolved: true },
        { line: 8, column: 22, href: '../in/team/c.md', resolved: true },
        { line: 8, column: 44, href: 'd.md', resolved: false },
        { line: 8, column: 55, href: 'https://a.example', resolved: true },
      ],
      problems: [],
      milliseconds: expect.any(Number),
    });
    const a = await html('a.html');
    expect(a).toContain('<h1 id="stop-it">Stop it</h1>');
    expect(a).toContain('<h2 id="meaning">Meaning</h2>');
    expect(a).toContain('href="./b.html#x"');
    expect(a).toContain('href="./team/c.html"');
    expect(a).toContain('id="step-ack"');
    expect(a).toContain('The console shows oncall here');
    expect(copies(a)).toEqual(['ls -l "ü"\n']);
    expect(await html('team/c.html')).toContain('href="../a.html"');
    expect(await html('team/c.markdown.html')).toContain('href="../runbook.css"');
    expect(await html('runbook.css')).toContain('.prose');
  });

  test('one bad file never stops the others', async () => {
    await write({
      'in/a.md': new Uint8Array([0x23, 0x20, 0xff, 0xfe]),
      'in/b.md': `# B\n${'x'.repeat(1024 * 1024)}`,
      'in/c.md': '```yaml runbook-step\nuses: manual\nid: A\nwith: { ask: x }\n```\n',
      'in/d.md': '# Fine\n',
      'in/.hidden/e.md': '# Not read\n',
    });
    await symlink(join(dir, 'nowhere.md'), join(dir, 'in/e.md'));
    await symlink(join(dir, 'in'), join(dir, 'in/circle'));
    const { code, facts } = await render();
    expect(code).toBe(1);
    expect(facts.map(({ html, problems }) => [html !== null, problems[0]?.message])).toEqual([
      [false, 'The file is not UTF-8 text.'],
      [false, 'The file has 1,025 KB; at most 1,024 KB are read.'],
      [true, expect.stringContaining('lower-case')],
      [true, undefined],
      [false, 'There is no such file or folder.'],
    ]);
    expect(await html('d.html')).toContain('Fine');
  });

  test('where no page comes about, nothing is left behind', async () => {
    await write({ 'in/a.md': new Uint8Array([0x23, 0x20, 0xff, 0xfe]) });
    expect((await render()).code).toBe(1);
    await expect(html('runbook.css')).rejects.toThrow('ENOENT');
  });

  test('a page that cannot be written is the problem of its file', async () => {
    await write({ 'in/team/a.md': '# A\n', 'in/b.md': '# B\n', 'out/team': 'a file in the way' });
    const { code, facts } = await render();
    expect(code).toBe(1);
    expect(facts.map(({ html }) => html !== null)).toEqual([true, false]);
    expect(facts[1].problems[0].message).toContain('cannot be written');
  });

  test.each([
    [
      'script',
      '<script>alert(1)</script>\n\n[a](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n<style>*{}</style>',
    ],
    ['a title of script', '---\ntitle: "</title><script>alert(1)</script>"\nowner: "\\" onload=\\"x"\n---\n# A\n'],
    [
      'a step of script',
      '```yaml runbook-step\nid: a\nuses: manual\nwith: { ask: "<script>alert(1)</script>" }\n```\n',
    ],
    ['a panel of script', '```yaml runbook-panel\nshow: flag\nflag: "<script>"\ntitle: "<img onerror=x>"\n```\n'],
    ['a name of script', '# <svg onload=alert(1)>\n\n## "onclick="x\n\n## \'><script>\n'],
    ['quotes in quotes', '> '.repeat(20_000)],
    ['lists in lists', Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join('')],
    ['brackets', '['.repeat(50_000)],
    ['braces', `{"a":${'['.repeat(50_000)}`],
    ['fences without an end', '```x\n'.repeat(5_000)],
    ['a long line', 'x'.repeat(900_000)],
    ['NUL characters', '\0'.repeat(10_000)],
    ['laughs', '---\na: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c]\n---\n'],
  ])('a file of %s is a page without script', async (_what, text) => {
    await write({ 'in/a.md': text });
    const { facts } = await render();
    expect(facts).toHaveLength(1);
    const page = await html('a.html');
    for (const tag of page.match(/<[^>]*>/g) ?? []) {
      expect(tag).not.toMatch(/^<(?:script|style|img|svg|iframe|object)/i);
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+=|\sstyle=|javascript:/i);
    }
  });

  test('a single file finds what lies beside it', async () => {
    await write({ 'in/a.md': '[b](b.md) [c](c.md)', 'in/b.md': '' });
    const { facts } = await render('in/a.md');
    expect(facts).toHaveLength(1);
    expect(facts[0].links.map(({ resolved }: { resolved: boolean }) => resolved)).toEqual([true, false]);
  });

  test('within a catalog, names are looked up as on the page', async () => {
    const studio = await copyStudio();
    try {
      await studio.edit('runbooks/voiceover-burn.md', 'slo: voiceover-availability', 'slo: voiceover-availabilty');
      const { code, out } = await firebreak('runbook', 'render', join(studio.dir, 'runbooks'), '--json');
      const facts = out.map((line) => JSON.parse(line));
      expect(code).toBe(1);
      expect(facts.every(({ html }) => html === null)).toBe(true);
      // A runbook whose last review is long ago is warned of as well, from some day on.
      const errors = facts.flatMap(({ problems }) => problems).filter(({ severity }) => severity === 'error');
      expect(errors[0].message).toContain('There is no SLO');
    } finally {
      await studio.remove();
    }
  });

  test('without --json text goes out and problems go to the other stream', async () => {
    await write({ 'in/a.md': '```yaml runbook-step\nuses: manual\nid: A\nwith: { ask: x }\n```\n' });
    const { code, out, err } = await firebreak('runbook', 'render', join(dir, 'in'), '--out', join(dir, 'out'));
    expect(code).toBe(1);
    expect(out).toEqual([expect.stringMatching(/in\/a\.md → .*out\/a\.html \(\d+(\.\d+)? ms\)$/)]);
    expect(err[0]).toMatch(/in\/a\.md:3:5 error /);
  });

  test.each([
    [['runbook', 'render']],
    [['runbook', 'render', 'a', 'b', '--json']],
    [['runbook', 'render', 'a']],
    [['runbook', 'render', 'a', '--json', '--verbose']],
    [['runbook', 'check']],
  ])('%j is misuse', async (args) => expect((await firebreak(...args)).code).toBe(2));

  test('what is not there is an error, and nothing to do is none', async () => {
    const gone = await render('gone');
    expect(gone).toMatchObject({ code: 1, facts: [{ problems: [{ message: 'There is no such file or folder.' }] }] });
    await write({ 'in/a.txt': 'x' });
    expect(await render()).toMatchObject({ code: 0, facts: [], err: [expect.stringContaining('no Markdown')] });
  });
});

describe('runbook check', () => {
  test('finds what needs no catalog, and says that names were not looked up', async () => {
    await write({
      'in/a.md':
        '[gone](b.md)\n\n```yaml runbook-step\nid: kill\nuses: flag.kill\nwith: { flag: x, environment: y }\n```\n',
    });
    const { code, out } = await firebreak('runbook', 'check', join(dir, 'in'));
    expect(code).toBe(1);
    expect(out).toEqual([
      expect.stringContaining('a.md:1:8 error The link b.md leads nowhere.'),
      expect.stringContaining('a.md:5:7 error The step "kill" changes something and never verifies it.'),
      expect.stringContaining('a.md:5:7 error The step "kill" leaves something behind without a due date.'),
      '✗ 3 errors, 0 warnings in 1 file. No catalog: names of SLOs, flags and services were not looked up.',
    ]);
  });

  test('warnings count when asked to', async () => {
    await write({ 'in/a.md': '---\nlast_reviewed_on: soon\n---\n' });
    expect((await firebreak('runbook', 'check', join(dir, 'in'))).code).toBe(0);
    const { code, out } = await firebreak('runbook', 'check', join(dir, 'in'), '--strict', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out[0]!)).toMatchObject({
      ok: false,
      catalog: false,
      counts: { files: 1, errors: 0, warnings: 1 },
      problems: [{ file: join(dir, 'in/a.md'), line: 2, column: 19, severity: 'warning' }],
    });
  });
});
