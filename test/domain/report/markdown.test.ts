import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { md, mdBlock, mdCode, mdLink, mdTable } from '#app/domain/report/markdown.ts';

const html = new MarkdownIt({ html: true, linkify: true });
/** What a reader sees of a piece of Markdown: its words, without the zero-width joiner that keeps mentions apart. */
const seen = (markdown: string) =>
  unescaped(html.render(markdown).replace(/<\/?(p|code|pre)[^>]*>/g, ''))
    .replaceAll('\u2060', '')
    .replace(/\s+/g, ' ')
    .trim();
const unescaped = (text: string) =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
const folded = (text: string) => text.replace(/\s+/g, ' ').trim();

/** Words made of what Markdown and HTML are made of. */
const nasty = fc
  .array(
    fc.constantFrom(...'\\`*_{}[]()<>#+-.!|~&$^=:"\'/@ \n\t1a'.split(''), '](', '<b>', '```', '![', '&lt;', '--'),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join(''));

test('any text is shown letter by letter, as one paragraph of no tags', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const rendered = html.render(`x: ${md(text)}`);
      expect(rendered.match(/<(?!\/?p>)[^>]*>/g) ?? []).toEqual([]);
      expect(seen(`x: ${md(text)}`)).toBe(folded(`x: ${text}`));
    }),
    { numRuns: 500 },
  );
});

test('it is no more at the start of an item or of a cell', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const item = html.render(`- ${md(text)}`);
      expect(item.match(/<(?!\/?(ul|li)>)[^>]*>/g) ?? []).toEqual([]);
      const table = html.render(mdTable(['A', 'B'], [[md(text), 'b']]));
      expect(table.match(/<td>/g)).toHaveLength(2);
      expect(table.match(/<(?!\/?(table|thead|tbody|tr|th|td)>)[^>]*>/g) ?? []).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('nothing ends its block of code, or its code in a line', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(html.render(`${mdBlock(text.split('\n'), 'diff')}\n\nend`).match(/<pre>/g)).toHaveLength(1);
      expect(html.render(`${mdBlock(text.split('\n'))}\n\nend`)).toMatch(/<p>end<\/p>\n$/);
      const code = html.render(`x ${mdCode(text)} y`);
      expect(code.match(/<(?!\/?(p|code)>)[^>]*>/g) ?? []).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test('a mention reaches nobody, and a hidden direction is not hidden', () => {
  expect(md('ask @voice about #12, or ada@studio.example')).toBe(
    'ask @\u2060voice about #\u206012, or ada@studio.example',
  );
  expect(md('abc\u202edcba')).toBe('abc\ufffddcba');
});

test('links lead to the web alone, and cannot be broken out of', () => {
  expect(mdLink('a](b', 'https://x.example/)a(?q=[1] <b>')).toBe('[a\\](b](https://x.example/%29a%28?q=[1]%20%3Cb%3E)');
  expect(mdLink('here', 'javascript:alert(1)')).toBe('here');
  expect(mdLink('here', 'https://')).toBe('here');
});
