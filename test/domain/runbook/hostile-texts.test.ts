// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of runbooks look like this
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provenSafe } from '#app/domain/runbook/markdown/wall.ts';

/** Wall ms after which a text counts as one that never ends: a hundred times what the slowest needs. */
const patience = 30_000;

interface Told {
  problems: string[];
  steps: number;
  html: string;
  polluted: number;
}

let worker: Worker;
beforeAll(() => {
  worker = new Worker(new URL('hostile-worker.ts', import.meta.url));
});
afterAll(() => worker.terminate());

function read(kind: 'runbook' | 'rehearsal', text: string): Promise<Told> {
  worker.postMessage({ kind, text });
  return new Promise<Told>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('it never ended')), patience);
    worker.once('message', (told: Told & { thrown?: string }) => {
      clearTimeout(timer);
      if (told.thrown === undefined) resolve(told);
      else reject(new Error(told.thrown));
    });
  });
}

const fence = (yaml: string) => `# T\n\n\`\`\`yaml runbook-step\n${yaml}\n\`\`\`\n\nafter\n`;
const head = (yaml: string) => `---\n${yaml}\n---\n\nafter\n`;
const manual = 'id: a\nuses: manual\n';
const anchors = Array.from({ length: 10 }, (_, at) => {
  const parts = Array(10).fill(at === 0 ? 'x' : `*k${at - 1}`);
  return `k${at}: &k${at} [${parts.join(', ')}]`;
}).join('\n');
const step = (index: number) => `\`\`\`yaml runbook-step\nid: s${index}\nuses: manual\nwith: { ask: x }\n\`\`\`\n\n`;

describe('hostile text ends, as text', () => {
  it.each([
    ['a line of 5 MB', 'x'.repeat(5_000_000)],
    ['quotes 10,000 deep', `${'> '.repeat(10_000)}x`],
    ['lists 10,000 deep', `${'- '.repeat(10_000)}x`],
    ['brackets 10,000 deep', `${'['.repeat(10_000)}x${']'.repeat(10_000)}(y)`],
    ['links 10,000 deep', `${'[a'.repeat(10_000)}${'](x)'.repeat(10_000)}`],
    ['emphasis 10,000 deep', '*a_ '.repeat(10_000) + '**'.repeat(10_000)],
    [
      'a table of 2,000 columns',
      `|${'a|'.repeat(2_000)}\n|${'-|'.repeat(2_000)}\n${`|${'b|'.repeat(2_000)}\n`.repeat(20)}`,
    ],
    ['references to references', `${'[r]: /x\n'.repeat(10_000)}\n${'[r][r]'.repeat(10_000)}`],
    ['NUL', 'a\0b `\0` <scr\0ipt>alert(1)</scr\0ipt>\n\n```sh\n\0\n```\n'],
    ['fences of every sort without an end', '```sh\n~~~\n    ```\n> ```\n- ~~~\n'.repeat(500)],
    [
      'mermaid with a script',
      '```mermaid\ngraph TD; A["<img src=x onerror=alert(1)>"]\nclick A "javascript:alert(1)"\n```\n',
    ],
    [
      'handlers on every tag',
      '<a href="javascript:alert(1)" onclick=x>a</a><details open ontoggle=x><summary onclick=x>s</summary>b</details><iframe srcdoc="<script>x</script>">',
    ],
  ])('%s', async (_what, text) => {
    const { html, polluted } = await read('runbook', text);
    expect(polluted).toBe(0);
    expect(html).not.toBe('');
    expect(provenSafe(html)).toBe(true);
    for (const tag of html.match(/<[^>]*>/g) ?? [])
      expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/^<(?:script|img|iframe|svg)|\son\w+=/i);
  });

  it('10,000 steps in one file', async () => {
    const { steps } = await read('runbook', Array.from({ length: 10_000 }, (_, index) => step(index)).join(''));
    expect(steps).toBe(10_000);
  });
});

/** YAML that is valid nowhere, and what is said of it. */
const yaml: [what: string, text: string, said: RegExp][] = [
  ['the prototype as a key', `${manual}__proto__: { polluted: 1 }\nwith: { ask: x }`, /Unknown field "__proto__"/],
  ['the prototype inside of with', `${manual}with: { ask: x, __proto__: { polluted: 1 } }`, /__proto__/],
  [
    'the constructor as a key',
    `${manual}constructor: { prototype: { polluted: 1 } }\nwith: { ask: x }`,
    /Unknown field "constructor"/,
  ],
  ['a merge key', `base: &b { id: a }\n<<: *b\nuses: manual\nwith: { ask: x }`, /Unknown field/],
  ['an alias of itself', `id: x\nuses: manual\nwith: &w { ask: *w }`, /alias \*w stands inside/],
  ['a key twice', `id: a\nid: b\nuses: manual\nwith: { ask: x }`, /must be unique/],
  ['a boolean of YAML 1.1', `${manual}when: on\nwith: { ask: x }`, /"on" is not known/],
  ['a tag of another language', `id: !!js/function "x"\nuses: manual\nwith: { ask: x }`, /Unresolved tag/],
  [
    'an expression of 20,000 names',
    `${manual}with: { ask: x }\nwhen: steps.${'a.'.repeat(20_000)}result == 'x'`,
    /1000 characters/,
  ],
  [
    'an expression that opens 10,000 times',
    `${manual}with: { ask: '${'${{ '.repeat(10_000)} }}' }`,
    /at most 1000 characters/,
  ],
  ['a set of 10,000', `${manual}with: { ask: x }\nwhen: inputs.a in [${"'x', ".repeat(10_000)}'y']`, /1000 characters/],
  ['a question inside of questions', '? '.repeat(20_000), /nested deeper than 64 levels/],
  ['brackets inside of brackets', `with: ${'['.repeat(20_000)}`, /nested deeper than 64 levels/],
  ['brackets that close', `with: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /nested deeper than 64 levels/],
  ['braces that close', `with: ${'{ a: '.repeat(8_000)}x${' }'.repeat(8_000)}`, /nested deeper than 64 levels/],
];

describe('hostile YAML is an error that says what', () => {
  it.each(yaml)('in a fence: %s', async (_what, text, said) => {
    const told = await read('runbook', fence(text));
    expect(told.polluted).toBe(0);
    expect(told.problems.join('\n')).toMatch(said);
    expect(told.html).toContain('<p>after</p>');
  });

  it.each([
    ['the prototype as a key', 'runbook:\n  version: 1\n  __proto__: { polluted: 1 }\n__proto__: { title: evil }'],
    ['aliases that explode', anchors],
    ['a mapping of 100,000 lines', 'a: b\n'.repeat(100_000)],
  ])('in front matter: %s', async (_what, text) => {
    const told = await read('runbook', head(text));
    expect(told.polluted).toBe(0);
    expect(told.problems.length).toBeGreaterThan(0);
    expect(told.html).toContain('after');
  });

  it.each([
    ['aliases that explode', anchors],
    ['the prototype as a key', 'runbook: a\n__proto__: { polluted: 1 }\ncases: []'],
    [
      'the prototype as the name of a step',
      'runbook: a\ncases:\n  - name: x\n    expect: { steps: { __proto__: { state: succeeded } } }',
    ],
    ['a key twice', 'runbook: a\nrunbook: b\ncases: []'],
    ['a tag of another language', 'runbook: !!js/function "x"\ncases: []'],
    ['questions inside of questions', '? '.repeat(20_000)],
    ['an alias of itself', 'runbook: a\ncases: &c [*c]'],
    ['100,000 cases that say nothing', `runbook: a\ncases:\n${'  - x\n'.repeat(100_000)}`],
  ])('in a rehearsal: %s', async (_what, text) => {
    const told = await read('rehearsal', text);
    expect(told.polluted).toBe(0);
    expect(told.problems.length).toBeGreaterThan(0);
    expect(told.problems.join('\n')).not.toMatch(/call stack/);
  });
});

it('says where a character that nobody sees turns the direction of a command', async () => {
  const { problems, html } = await read('runbook', '```sh\necho \u202egnp.exe\n```\n');
  expect(problems).toEqual([expect.stringMatching(/\(U\+202E\) turns the direction/)]);
  expect(html).toContain('\u202e');
});
