import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { render } from './html.ts';

/** CommonMark with GFM's tables and struck text, as its authors render it. */
const reference = new MarkdownIt({ html: false, linkify: false, typographer: false });

/** A page without what the console adds on purpose: anchors, ticks, copy buttons, scrolling tables, guarded links. */
function withoutOurs(html: string): string {
  return html
    .replace(/<(h[1-6]) id="[^"]*">/g, '<$1>')
    .replace(/ rel="noopener noreferrer nofollow"/g, '')
    .replace(/<li class="tick">(\n?)<input type="checkbox" aria-label="Done" data-tick="\d+">/g, '<li>$1')
    .replace(/<div class="scroll">(<table>)/g, '$1')
    .replace(/(<\/table>)<\/div>/g, '$1')
    .replace(/<(t[hd]) class="align-(\w+)">/g, '<$1 style="text-align:$2">')
    .replace(
      /<div class="code"><div class="code-bar">.*?<\/div><pre tabindex="0">(.*?)<\/pre><\/div>/gs,
      '<pre>$1</pre>',
    );
}

/** A language of other signs than names have is shown beside the fence, and colours nothing. */
const expected = (markdown: string) =>
  reference.render(markdown).replace(/ class="language-(?![\w+#.-]{1,40}")[^"]*"/g, '');

const same = (markdown: string) => expect(withoutOurs(render(markdown))).toBe(expected(markdown));

describe('a page without anything of ours is what CommonMark and GFM make of it', () => {
  it.each([
    ['paragraphs', 'one\ntwo\n\n  three  \nfour\\\nfive\n'],
    ['headings', '# a\n## b ##\n###### f\n####### seven\n#none\n\nunder\n===\n\nline\n---\n'],
    ['a heading of several lines', 'one\n*two*\n===\n'],
    ['rules', '***\n---\n_ _ _\n- - -\n--\n'],
    ['emphasis', '*a **b** c* _a_b_ __c__ ***d*** **e*f*g** a*b*c snake_case_word 2 * 3 * 4\n'],
    ['emphasis beside punctuation', '**(a)**b *"c"* **d**. *e*, a**"f"**g\n'],
    ['struck text', '~~a~~ ~~b **c**~~ ~ d ~\n'],
    ['code in text', '`a` ``b ` c`` ` `` ` `*no*` `a\nb` `open\n'],
    ['escapes', '\\*a\\* \\# b \\[c\\](d) \\\\ \\a &amp; &copy; &#35; &#x22; &nosuch; &\n'],
    ['a tag as text', 'a <b>c</b> & "d" <e\n'],
    ['bullet lists', '- a\n- b\n\n  c\n- d\n\n+ e\n* f\n'],
    ['tight and loose lists', '- a\n- b\n  - c\n\n    d\n- e\n'],
    ['ordered lists', '3) a\n4) b\n\n1. c\n   1. d\n   2. e\n2. f\n'],
    ['a list that a paragraph refuses', 'in the year\n2026. was\n1. is\n'],
    ['lists of code', '1.  a\n\n        code\n\n    > quote\n\n-     five\n'],
    ['empty items', '-\n- a\n-\n\n1.\n2. b\n'],
    ['lazy lines', '> a\nb\n> - c\nd\n\n- e\nf\n'],
    ['quotes', '> # a\n> - b\n>\n> > c\n\n> d\n'],
    ['fences', '```sh\na\n```\n\n~~~\nb\n```\n~~~\n\n````\n```\n````\n'],
    ['an indented fence', '  ```\n  a\n b\n   c\n  ```\n'],
    ['an empty fence, and one without an end', '```\n```\n\n```x\na\n\nb'],
    ['indented code', '    a\n\n      b\n\n\tc\n'],
    ['tabs', '-\ta\n\n\tb\n\n>\t\tc\n'],
    ['links', '[a](https://a.example "t") [b *c*](<https://b.example/x y>) <https://c.example> [d](#)\n\n# \n'],
    [
      'references',
      "[a] [B][a] [c][]\n\n[a]: https://a.example 't'\n[c]: <https://c.example>\n[d]: https://unused.example\n",
    ],
    ['brackets that are no link', '[a] [b](c d) ] [[e]] [f]( <g\n'],
    ['tables', '| a | b | c | d |\n|:--|:-:|--:|---|\n| 1 | `2\\|3` | **4** | 5 |\n| 6 |\n\nafter\n'],
    ['a table without edges, and what is none', 'a | b\n--|--\n1 | 2\n\na | b\n-- | -- | --\n'],
    ['a table in a list', '- a\n\n  | b |\n  |---|\n  | c |\n'],
    ['what no language has', 'ä 日本語 🚀 \u00a0x\u00a0 **日本**語 *é*\n'],
  ])('%s', (_what, markdown) => same(markdown));

  it('whatever is put together', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b c',
        ' ',
        '  ',
        '    ',
        '\n',
        '\n',
        '\n\n',
        '*',
        '**',
        '_',
        '~~',
        '`',
        '``',
        '```\n',
        '~~~\n',
        '> ',
        '- ',
      ],
      ...['1. ', '2) ', '# ', '---\n', '===\n', '|', '|--|\n', '\\', '&amp;', '<', '"', '[x]', ':', '\t'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = `a\n\n${pieces.join('')}`;
        // Where links lead has tests of its own. `- [x] ` is a task of ours, and a task of GFM that the reference does not know.
        fc.pre(!/\[x\]\s/.test(text));
        same(text);
      }),
      { numRuns: 1_000 },
    );
  });
});
