import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { run } from '#cli/run.ts';
import { copies } from '../domain/runbook/html.ts';

/** A line of `runbook render --json`, whole: a field more or less is an error. */
const factLine = z.strictObject({
  file: z.string().min(1),
  html: z.string().nullable(),
  title: z.string().nullable(),
  headings: z.array(z.strictObject({ level: z.int().min(1).max(6), text: z.string(), anchor: z.string() })),
  fences: z.array(
    z.strictObject({
      line: z.int().min(1),
      column: z.int().min(1),
      language: z.string(),
      kind: z.enum(['step', 'panel', 'text']),
      bytes: z.int().min(0),
      sha256: z.hash('sha256'),
    }),
  ),
  links: z.array(
    z.strictObject({ line: z.int().min(1), column: z.int().min(1), href: z.string(), resolved: z.boolean() }),
  ),
  problems: z.array(
    z.strictObject({
      line: z.int().min(1),
      column: z.int().min(1),
      severity: z.enum(['error', 'warning']),
      message: z.string().min(1),
      hint: z.string().nullable(),
    }),
  ),
  milliseconds: z.number().min(0),
});
type FactLine = z.infer<typeof factLine>;

const step = (yaml: string) => `# Step\n\n\`\`\`yaml runbook-step\n${yaml}\n\`\`\`\n\nafter\n`;
const ask = 'id: a\nuses: manual\nwith: { ask: x }';
const laughs = 'a: &a [x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c]';

/** Files that mean harm or were cut short, each small, and what is said of each: nothing, or the start of its first problem. */
const hostile: Record<string, [text: string | Uint8Array, said: RegExp | null]> = {
  'script.md': ['<script>alert(1)</script>\n<svg/onload=alert(1)>\n', null],
  'links.md': ['[a](javascript:alert(1)) [b](data:text/html,x) [c](//x.example) [d](JAVA\tSCRIPT:x)\n', null],
  'handlers.md': ['<details open ontoggle=alert(1)><summary onclick=x>s</summary>b</details>\n', null],
  'image.md': ['![x](https://x.example/a.png" onerror="alert(1))\n![y](javascript:x)\n', null],
  'heading.md': ['# "><img src=x onerror=alert(1)>\n\n## \' onclick=x\n', null],
  'info.md': ['```"><script> onload=x\nls\n```\n', null],
  'mermaid.md': ['```mermaid\nclick A "javascript:alert(1)"\n```\n', null],
  'title.md': ['---\ntitle: </title><script>alert(1)</script>\n---\n', null],
  'laughs.md': [`---\n${laughs}\n---\n# L\n`, /./],
  'prototype.md': [step(`${ask}\n__proto__: { polluted: 1 }`), /Unknown field "__proto__"/],
  'tag.md': [step('id: !!js/function "x"\nuses: manual'), /Unresolved tag/],
  'deep.md': [step(`with: ${'['.repeat(5_000)}`), /nested deeper than 64 levels/],
  'action.md': [step('id: a\nuses: shell.exec\nwith: { command: rm -rf / }'), /shell\.exec/],
  'step-script.md': [step('id: a\nuses: manual\nwith: { ask: "<script>alert(1)</script>" }'), null],
  'lists.md': ['- '.repeat(5_000), null],
  'quotes.md': ['> '.repeat(5_000), null],
  'brackets.md': ['['.repeat(5_000), null],
  'unclosed.md': ['~~~sh\n```\n<!-- \n<details>\n', null],
  'line.md': ['x'.repeat(200_000), null],
  'nul.md': ['a\0b\n', /NUL|U\+0000/],
  'bidi.md': ['```sh\necho \u202egnp.exe\n```\n', /turns the direction/],
  'latin-1.md': [new Uint8Array([0x23, 0x20, 0xe4, 0x0a]), /not UTF-8/],
};

/** Runbooks that name each other in circles, and one that names itself. */
const loop: Record<string, string> = {
  'loop/a.md': '# A\n\n## Meaning\n\n[b](b.md#b) [c](deep/c.md) [self](a.md) [here](#meaning)\n',
  'loop/b.md': '# B\n\n[a](./a.md#meaning) [b](b.md)\n',
  'loop/deep/c.md': '# C\n\n[a](../a.md) [gone](../gone.md)\n\n```sh\nls "ü"\n```\n',
};

let dir: string;
let code: number;
let facts: Map<string, FactLine>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'runbook-folder-'));
  const files = { ...Object.fromEntries(Object.entries(hostile).map(([name, [text]]) => [name, text])), ...loop };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, 'in', name)), { recursive: true });
    await writeFile(join(dir, 'in', name), text);
  }
  const out: string[] = [];
  const args = ['runbook', 'render', join(dir, 'in'), '--out', join(dir, 'out'), '--json'];
  code = await run(args, { env: {}, out: (line) => out.push(line), err: () => undefined });
  const lines = out.map((line) => factLine.parse(JSON.parse(line)));
  facts = new Map(lines.map((line) => [line.file.slice(join(dir, 'in/').length), line]));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const html = (name: string) => readFile(join(dir, 'out', name.replace(/\.md$/, '.html')), 'utf8');

describe('a folder of hostile files', () => {
  test('is told file by file, each line whole, and an error in one is the exit code of all', () => {
    expect([...facts.keys()].sort()).toEqual([...Object.keys(hostile), ...Object.keys(loop)].sort());
    expect(code).toBe(1);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test.each(Object.entries(hostile))('%s', async (name, [, said]) => {
    const { problems, html: path, title } = facts.get(name)!;
    if (said === null) expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    else expect(problems.map(({ message }) => message).join('\n')).toMatch(said);
    if (name === 'latin-1.md') {
      expect([path, title]).toEqual([null, null]);
      return;
    }
    const page = await html(name);
    for (const tag of page.match(/<[^>]*>/g) ?? []) {
      expect(tag).not.toMatch(/^<(?:script|style|img|svg|iframe|object)/i);
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+=|\sstyle=/i);
      expect(tag).not.toMatch(/(?:href|src)="(?!https?:|mailto:|#|\.{0,2}\/|runbook\.css)/i);
    }
  });

  test('no address that runs anything counts as a link', () => {
    expect(facts.get('links.md')!.links.filter(({ resolved }) => resolved)).toEqual([]);
  });
});

describe('runbooks that lead to each other in a circle', () => {
  test('are each drawn once, and every link is told as resolved or not', async () => {
    const told = (name: string) => facts.get(name)!.links.map(({ href, resolved }) => [href, resolved]);
    expect(told('loop/a.md')).toEqual([
      ['b.md#b', true],
      ['deep/c.md', true],
      ['a.md', true],
      ['#meaning', true],
    ]);
    expect(told('loop/b.md')).toEqual([
      ['./a.md#meaning', true],
      ['b.md', true],
    ]);
    expect(told('loop/deep/c.md')).toEqual([
      ['../a.md', true],
      ['../gone.md', false],
    ]);
    const c = await html('loop/deep/c.md');
    expect(c).toContain('href="../a.html"');
    expect(c).toMatch(/<span class="unresolved" title="[^"]*gone\.md">gone<\/span>/);
    expect(await html('loop/a.md')).toContain('href="./b.html#b"');
  });

  test('bytes and hash are of what the button copies', async () => {
    const [fence] = facts.get('loop/deep/c.md')!.fences;
    const [copied] = copies(await html('loop/deep/c.md'));
    const bytes = Buffer.from(copied!);
    expect(fence).toEqual({
      ...{ line: 5, column: 1, language: 'sh', kind: 'text', bytes: bytes.length },
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(bytes.length).toBe(8);
  });
});
