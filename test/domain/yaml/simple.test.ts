// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of runbooks look like this
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Path, readYaml } from '#app/domain/yaml/document.ts';
import { readSimpleYaml } from '#app/domain/yaml/simple.ts';

const offset = { line: 7, column: 2 };

/** Every path into a value, and a few that lead nowhere. */
function pathsOf(value: unknown, at: Path = []): Path[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const keys = inner.map(([key]) => (Array.isArray(value) ? Number(key) : key));
  return [
    at,
    [...at, 'missing'],
    [...at, 'missing', 'deeper'],
    ...inner.flatMap(([, item], index) => pathsOf(item, [...at, keys[index]!])),
  ];
}

/** Where the quick reader answers, the full one says the same. Returns whether it answered. */
function agrees(text: string): boolean {
  const quick = readSimpleYaml(text, 'a.yaml', offset);
  if (!quick) return false;
  const { documents, problems } = readYaml(text, 'a.yaml', { offset });
  expect(problems, text).toEqual([]);
  expect(documents, text).toHaveLength(1);
  expect(quick.value, text).toEqual(documents[0]!.value);
  for (const path of pathsOf(quick.value)) {
    for (const part of ['value', 'key'] as const) {
      expect([path, quick.place(path, part)], text).toEqual([path, documents[0]!.place(path, part)]);
    }
  }
  return true;
}

describe('the quick YAML reader', () => {
  it.each([
    'id: kill-flag\ntitle: Bring it to its safe state\nuses: flag.kill\nwith: { flag: "${{ inputs.flag }}", environment: production }\nexpires: 7d\n',
    "when: steps.kill-flag.result in ['not_improved', 'worse']\n",
    'title: A # comment\nowner: media-platform   \n\n# another\nlast_reviewed_on: 2026-11-04\nrunbook:\n  version: 1\n  slos: [a, b]\n  inputs:\n    flag:     { type: flag, label: Suspect flag }\nlast: 0.5\n',
    'review_in: 3 months\nx: 5 a\n',
    'a: >-\n  b: c\n  # d\n\n\n  e\n\n# f\ng: |\n    h\n      i: 1\n    j \n\n\nk: 1\n',
    'a:\n  b: |-\n    c\n  d: >\n    e\n    f\n',
    'a: |-\n  b',
    'a: {}\nb: []\nc: ""\n',
  ])('reads %j', (text) => expect(agrees(text)).toBe(true));

  it.each([
    'a: &x 1',
    'a: *x',
    'a: !!str 1',
    'a: |\n  b',
    'a: |+\n  b\n',
    'a: |2\n  b\n',
    'a: | # c\n  b\n',
    'a: |\n\n  b\n',
    'a: >\n  b\n   c\n',
    'a: >\n  b \n  c\n',
    'a: |\n   b\n  c\n',
    'a: |\nb: c\n',
    'a: |\n  b\n     \n  c\n',
    '- a',
    'a:\n  - b',
    'a: 1\na: 2',
    'a:',
    'a: ~',
    'a: Null',
    'a: 1e5',
    'a: 0x1F',
    'a: 007',
    'a: "b\\n"',
    "a: 'it''s'",
    'a: b\n  c',
    'a: b: c',
    ' a: b',
    'a: [b,]',
    'a: {b}',
    'a: b\n--- \nc: d',
    'a',
    '',
    '# nothing',
    '__proto__: { x: 1 }',
    'a: .5',
    'a: -1',
    'a: @b',
    'true: 1',
    'a: [b\n  , c]',
    'a: "b" c',
    'a:\tb',
  ])('leaves %j to the full one', (text) => expect(readSimpleYaml(text, 'a.yaml')).toBeNull());

  it('agrees with the full one on whatever it reads', () => {
    const usual = fc.constantFrom(
      'a',
      'b-c',
      'flag.kill',
      'true',
      '7d',
      '1',
      '0.50',
      '2026-11-04',
      'a b',
      '"x: y"',
      "'z'",
      "s.r in ['a', 'b']",
      'a:b',
      'a #c',
      '{ a: 1, b: [x, 2] }',
      '[a, "b", { c: d }]',
      '{}',
      '',
    );
    const odd = fc.constantFrom(
      'null',
      '007',
      '1e3',
      '#d',
      '- x',
      '[',
      '}',
      'a,b',
      '~',
      '!x',
      '&y',
      '*y',
      '|',
      '>',
      '{a: 1}',
      '{ a:1 }',
      '[a,b]',
      '[ a ]',
      '"a" #b',
      'a:',
      '12:30',
      'x ',
      '-5',
    );
    const word = fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd });
    const sign = fc.oneof(
      { weight: 8, arbitrary: fc.constant(': ') },
      { weight: 1, arbitrary: fc.constantFrom(':', ':  ', ' ') },
    );
    const key = fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom('a', 'b', 'c-d', 'e_f', 'G') },
      { weight: 1, arbitrary: fc.constantFrom('true', '-', '?', 'a b') },
    );
    const indent = fc.oneof(
      { weight: 5, arbitrary: fc.constant('') },
      { weight: 2, arbitrary: fc.constantFrom('  ', '    ', ' ') },
    );
    const block = fc
      .tuple(
        fc.constantFrom('a: >-', 'b: |', '  c: |-', 'd: >', 'e: |+', '  f: >- '),
        fc.array(fc.constantFrom('', '  x', '    y', '    z: 1', '      w ', '     # v', '   ', 'g: 1'), {
          maxLength: 5,
        }),
      )
      .map(([head, below]) => [head, ...below].join('\n'));
    const plain = fc.tuple(indent, key, sign, word).map((parts) => parts.join(''));
    const line = fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: block });
    let answered = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
        if (agrees(`${lines.join('\n')}\n`)) answered++;
        if (agrees(lines.join('\n'))) answered++;
      }),
      { numRuns: 4_000 },
    );
    expect(answered).toBeGreaterThan(500);
  });

  it("reads the studio's runbooks", () => {
    const folder = join(import.meta.dirname, '../../../runbooks');
    let answered = 0;
    let asked = 0;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.md'))) {
      const text = readFileSync(join(folder, file), 'utf8');
      const parts = [
        /^---\n([\s\S]*?\n)---\n/.exec(text)![1]!,
        ...[...text.matchAll(/^```yaml runbook-\w+\n([\s\S]*?\n)```$/gm)].map((fence) => fence[1]!),
      ];
      for (const part of parts) {
        asked++;
        if (agrees(part)) answered++;
      }
    }
    expect(answered).toBe(asked);
  });
});
