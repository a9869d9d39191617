import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readJson } from '#app/domain/yaml/json.ts';

const text = `{
  "a": [1, {"b": "x"}],
  "c": {"d": null}, "c": {"e": true}
}`;

test.each([
  [[], 'value', 1, 1],
  [['a'], 'value', 2, 8],
  [['a'], 'key', 2, 3],
  [['a', 1, 'b'], 'value', 2, 18],
  [['a', 1, 'b'], 'key', 2, 13],
  [['a', 7], 'value', 2, 3],
  [['c', 'e'], 'value', 3, 32],
  [['c', 'missing'], 'value', 3, 21],
] as const)('%j (%s) stands in line %i, column %i', (path, part, line, column) => {
  expect(readJson(text, 'f').document!.place(path, part)).toEqual({ line, column });
});

test('reads what JSON.parse reads, and refuses what it refuses', () => {
  const scrap = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '\\',
    '1',
    '-',
    '01',
    '1e5',
    'true',
    'nul',
    ' ',
    '\n',
    '\u0001',
    '"\\u00zz"',
  );
  const any = fc.oneof(
    fc.json(),
    fc.array(scrap, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(any, (content) => {
      let parsed: { value: unknown } | null = null;
      try {
        parsed = { value: JSON.parse(content) };
      } catch {}
      const { document, problems } = readJson(content, 'f');
      expect(document && { value: document.value }).toEqual(parsed);
      expect(problems).toHaveLength(parsed ? 0 : 1);
    }),
    { numRuns: 5000, seed: 1 },
  );
});
