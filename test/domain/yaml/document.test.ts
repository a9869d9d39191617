import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readYaml } from '#app/domain/yaml/document.ts';

const places = (text: string) =>
  readYaml(text, 'a.yaml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('where things stand', () => {
  const text = 'a: 1\nlist:\n  - name: x\n  - name: "y"\nempty:\nquoted key: {deep: [1, 2]}\n';
  const { documents } = readYaml(text, 'a.yaml');

  test.each([
    [['a'], 'value', '1:4'],
    [['a'], 'key', '1:1'],
    [['list', 1, 'name'], 'value', '4:11'],
    [['list', 1, 'name'], 'key', '4:5'],
    [['list', 1], 'value', '4:5'],
    [['quoted key', 'deep', 1], 'value', '6:24'],
    [['empty'], 'value', '5:1'],
    [['list', 1, 'absent'], 'value', '4:5'],
    [['absent', 'deeper'], 'value', '1:1'],
    [[], 'value', '1:1'],
  ] as const)('%j (%s) stands at %s', (path, part, place) => {
    const { line, column } = documents[0]!.place([...path], part);
    expect(`${line}:${column}`).toBe(place);
  });

  test('counts lines over documents, with CRLF and comments', () => {
    const read = readYaml('# first\r\na: 1\r\n---\r\n# second\r\nb:\r\n  c: 2\r\n', 'a.yaml');
    expect(read.documents.map((document) => document.value)).toEqual([{ a: 1 }, { b: { c: 2 } }]);
    expect(read.documents[1]!.place(['b', 'c'])).toEqual({ line: 6, column: 6 });
  });

  test('adds the place of the fragment in its file', () => {
    const read = readYaml('a: 1\nb: [', 'a.md', { offset: { line: 10, column: 2 } });
    expect(read.problems[0]).toMatchObject({ line: 12, column: 7 });
    const fine = readYaml('a: 1\nb: 2', 'a.md', { offset: { line: 10, column: 2 } });
    expect(fine.documents[0]!.place(['b'])).toEqual({ line: 12, column: 6 });
  });

  test('does not count the byte order mark as a column', () => {
    expect(readYaml('\ufeffa: 1\n', 'a.yaml').documents[0]!.place(['a'])).toEqual({ line: 1, column: 4 });
  });

  test('follows an alias to what it stands for', () => {
    const read = readYaml('a: &x\n  b: 1\nc: *x\n', 'a.yaml');
    expect(read.documents[0]!.place(['c', 'b'])).toEqual({ line: 2, column: 6 });
    expect(read.documents[0]!.place(['c'])).toEqual({ line: 3, column: 4 });
  });
});

describe('what is not YAML', () => {
  test.each([
    ['a: 1\na: 2\n', '2:1 Map keys must be unique'],
    ['b: { x: 1,\n "x": 2 }\n', '2:2 Map keys must be unique'],
    ['a:\n\tb: 1\n', '2:1 Tabs are not allowed as indentation'],
    ['a: [1, 2\n', '2:1 Flow sequence'],
    ['a: "open\n', '2:1 Missing closing "quote'],
    ['a: *nobody\n', 'Unresolved alias'],
  ])('%j is a problem at its place', (text, expected) => {
    expect(places(text).join('\n')).toContain(expected);
  });

  test('a broken document costs only itself', () => {
    const read = readYaml('a: 1\n---\nb: 1\nb: 2\n---\nc: 3\n', 'a.yaml');
    expect(read.documents.map((document) => document.value)).toEqual([{ a: 1 }, { c: 3 }]);
    expect(read.problems).toHaveLength(1);
  });
});

describe('hostile files', () => {
  test('a billion laughs are refused', () => {
    const rows = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    const read = readYaml(`l0: &l0 [lol]\n${rows.join('\n')}\n`, 'a.yaml');
    expect(read.documents).toEqual([]);
    expect(read.problems[0]!.message).toContain('alias');
  });

  test('an alias within what it repeats is refused with its place, before it costs anything', () => {
    const read = readYaml(`ok: 1\nx: &x\n  - [${'*x, '.repeat(2_000)}]\n`, 'a.yaml');
    expect(read.documents).toEqual([]);
    expect(read.problems).toMatchObject([
      { line: 3, column: 6, message: 'The alias *x stands inside of what it repeats.' },
    ]);
    // A name that is given anew inside is another value.
    expect(readYaml('x: &x [&x 1, *x]\n', 'a.yaml').documents[0]?.value).toEqual({ x: [1, 1] });
  });

  test.each([
    ['brackets', '['.repeat(20_000)],
    ['braces', '{a: '.repeat(20_000)],
    ['dashes', '- '.repeat(20_000)],
    ['indentation', Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['question marks', '? '.repeat(5_000)],
    ['documents', '--- a\n'.repeat(2_000)],
  ])('too many %s are a problem, not a crash', (_what, text) => {
    const read = readYaml(text, 'a.yaml');
    expect(read.problems.length).toBeGreaterThan(0);
    expect(read.problems[0]).toMatchObject({ file: 'a.yaml', severity: 'error' });
  });

  test('a key named __proto__ pollutes nothing', () => {
    readYaml('__proto__: { polluted: true }\n', 'a.yaml');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test('any text gives documents or problems', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), (text) => {
        const lines = text.split(/\r\n|\n|\r/).length;
        for (const { line, column } of readYaml(text, 'a.yaml').problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(line).toBeLessThanOrEqual(lines + 1);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 300 },
    );
  });
});
