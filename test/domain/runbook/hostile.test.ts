import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintRunbook } from '#app/domain/runbook/lint.ts';
import { provenSafe } from '#app/domain/runbook/markdown/wall.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { htmlOf, render } from './html.ts';
import { countWork } from './work.ts';

/** Openings of everything that a parser could look for the end of again and again. */
const units = [
  '<',
  '<!--',
  '<!-- a\n\n',
  '<!-- --> x ',
  '> <!--\n',
  '- <!--\n',
  '<details>',
  '<details>\n',
  '</details>\n',
  '<summary>',
  '<summary>\nx\n',
  '<details><summary>',
  '[a](',
  '[a](b.md) ',
  '[a](x.txt) [](y) ',
  '![a](http://x/y) ',
  '[',
  '*a ',
  '**a _b ',
  '`` ` ',
  '> ',
  '- ',
  '1. a\n',
  '- [ ] a\n',
  '# a\n',
  '```x\n',
  '```yaml runbook-step\nid: a\n```\n',
  'x|y\n',
  'http://a.b ',
  'www.',
  'www.a.b',
  '@',
  'a@b.c ',
  'a@b.c',
  'a.',
  '"(a@',
  'java\tscript:',
  '&amp;',
  'a\r\n',
  '\r',
  '[a]: b\n',
  '<a href="x">',
];

describe('hostile text', () => {
  it.each(units)('%j over and over costs work in proportion to its length', (unit) => {
    const work = (size: number) => {
      const text = unit.repeat(Math.ceil(size / unit.length));
      return countWork(() => parseRunbook(text, 'v.md', { known: new Set() }));
    };
    work(1_000);
    const once = work(8_000);
    const twice = work(16_000);
    // Twice the text may cost twice the work and some; four times the work would be quadratic.
    expect(twice / once).toBeLessThan(2.7);
  });

  it('counts work as it says: a quadratic loop is seen', () => {
    const quadratic = (size: number) =>
      countWork(() => {
        const text = '<'.repeat(size);
        for (let at = 0; at < size; at++) text.indexOf('>', at);
      });
    expect(quadratic(2_000) / quadratic(1_000)).toBeGreaterThan(3.5);
  });

  it('never draws a script, a handler or a foreign address, whatever is put together', () => {
    const parts = fc.constantFrom(
      ...[
        '<script>',
        '</script>',
        '<img src=x onerror=alert(1)>',
        '"',
        "'",
        '`',
        '```',
        '\n',
        '\n\n',
        '    ',
        '> ',
        '- ',
        '1. ',
        '|',
        '|-|-|',
      ],
      ...[
        '[x](',
        ')',
        '<',
        '>',
        'javascript:alert(1)',
        'JAVASCRIPT&colon;x',
        'data:text/html,<script>',
        'http://a.b/"onload="x',
        '&lt;script&gt;',
      ],
      ...[
        '<details>',
        '</details>',
        '<summary>',
        '</summary>',
        '<!--',
        '-->',
        '![',
        '](',
        '\\',
        '\0',
        '\u2028',
        '```yaml runbook-step\n',
        'id: a\nuses: manual\nwith: { ask: "<script>" }\n```\n',
      ],
      ...[
        '~~',
        '**',
        '_',
        '# ',
        '## Meaning\n',
        '---\n',
        'title: <script>\n',
        '[r]: javascript:x\n',
        '[r]',
        '{.onload}',
        '<svg/onload=x>',
      ],
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 40 }), (chosen) => {
        const html = htmlOf(parseRunbook(chosen.join(''), 'v.md'));
        // Outside of attribute values and text there is nothing but the tags of the policy.
        const tags = html.match(/<[^>]*>/g) ?? [];
        for (const tag of tags) {
          expect(tag).toMatch(/^<\/?[a-z][a-z0-9]*(?: [a-z-]+(?:="[^"<>]*")?)*>$/);
          expect(tag.replace(/"[^"]*"/g, '""')).not.toMatch(/script|\son\w+=|style=/i);
          expect(tag).not.toMatch(/href="(?!https?:\/\/|mailto:|#|\/)/i);
        }
        expect(provenSafe(html)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [
      'aliases that explode',
      `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]`,
    ],
    ['brackets without an end', '['.repeat(50_000)],
    ['mappings inside mappings', '{a: '.repeat(20_000)],
    ['lists inside lists', `${'- '.repeat(5_000)}x`],
    ['a megabyte of one value', `a: ${'x'.repeat(1_000_000)}`],
    ['a tag of another language', 'a: !!js/function "x"'],
  ])('YAML with %s is an error or text, and stays in view', (_what, yaml) => {
    const fence = parseRunbook(`\`\`\`yaml runbook-step\n${yaml}\n\`\`\`\n\nafter`, 'v.md');
    expect(fence.steps).toEqual([]);
    expect(fence.problems.length).toBeGreaterThan(0);
    expect(htmlOf(fence)).toContain('<p>after</p>');
    const head = parseRunbook(`---\nrunbook: x\n${yaml}\n---\n\nafter`, 'v.md');
    expect(htmlOf(head)).toContain('<p>after</p>');
  });

  it('a thousand problems are a hundred and one, and only the first names are guessed at', () => {
    const step = (index: number) =>
      `\`\`\`yaml runbook-step\nid: s${index}\nuses: manual\nwhen: steps.gone.result == 'worse'\nwith: { ask: x }\n\`\`\`\n`;
    const steps = parseRunbook(Array.from({ length: 1_000 }, (_, index) => step(index)).join('\n'), 'v.md');
    expect(steps.steps).toHaveLength(1_000);
    expect(steps.problems).toHaveLength(101);
    expect(steps.problems.at(-1)).toMatchObject({
      severity: 'error',
      message: '900 more problems stand from here on.',
    });
    const known = { flags: [], slos: [], services: [], slugs: ['here'] };
    const links = lintRunbook(parseRunbook('[a](hera.md) '.repeat(1_000), 'v.md'), known, '2026-11-22');
    expect(links).toHaveLength(101);
    expect(links.filter(({ hint }) => hint?.includes('"here"'))).toHaveLength(20);
  });

  it('a page of 250 KB is read whole', () => {
    const text = 'A line of text with `code` and a [link](#x).\n\n'.repeat(5_500);
    expect(text.length).toBeGreaterThan(250_000);
    expect(render(text).match(/<p>/g)?.length).toBe(5_500);
  });

  it('details inside details end at a depth that browsers still draw', () => {
    const html = render('<details>\n'.repeat(1_000));
    expect(html.match(/<details>/g)?.length).toBe(16);
    expect(html).toContain('&lt;details&gt;');
  });
});
