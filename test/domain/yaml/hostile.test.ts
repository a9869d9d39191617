import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readYaml } from '#app/domain/yaml/document.ts';
import { readSimpleYaml } from '#app/domain/yaml/simple.ts';
import { reporter, validate } from '#app/domain/yaml/validate.ts';
import { countWork } from '../runbook/work.ts';

/** Texts of a size that a parser could look through again and again. */
const texts: Record<string, (index: number) => string> = {
  'keys that are all different': (index) => `k${index}: 1\n`,
  'keys that are all the same': () => 'k: 1\n',
  'keys in braces': (index) => `${index === 0 ? 'a: { ' : ''}k${index}: 1, `,
  'empty keys': (index) => `k${index}:\n`,
  'items of a list': () => '- a\n',
  'lists in lists': () => '- ',
  brackets: () => '[',
  'empty brackets': () => '[]',
  'quotes without an end': () => '"',
  documents: () => '---\na: 1\n',
  anchors: (index) => `- &a${index} x\n`,
  aliases: (index) => (index === 0 ? '- &a x\n' : '- *a\n'),
  'block texts': (index) => `k${index}: >-\n  b\n  c\n`,
  comments: () => '# a\n',
  'one long line': (index) => (index === 0 ? 'a: ' : 'xxxxxxxx'),
  'NUL characters': () => 'a: \0\n',
  'lone surrogates': () => 'a\ud800: \udc00\n',
};

describe('hostile YAML', () => {
  test.each(Object.entries(texts))('%s cost work in proportion to their number', (_what, unit) => {
    const work = (count: number) => {
      const text = Array.from({ length: count }, (_, index) => unit(index)).join('');
      return countWork(() => {
        readSimpleYaml(text, 'a.yaml');
        readYaml(text, 'a.yaml');
      });
    };
    work(100);
    // Twice the text may cost twice the work and some; four times the work would be quadratic.
    expect(work(1_000) / work(500)).toBeLessThan(2.7);
  });

  test('a thousand unknown keys are not a thousand problems', () => {
    const text = Array.from({ length: 1_000 }, (_, index) => `key${index}: 1`).join('\n');
    const source = readYaml(text, 'a.yaml').documents[0]!;
    const report = reporter(source);
    expect(validate(z.strictObject({ kay: z.number().optional() }), source, report)).toBeNull();
    expect(report.problems).toHaveLength(20);
  });
});
