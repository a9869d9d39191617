import { describe, expect, it } from 'vitest';
import { provenSafe } from '#app/domain/runbook/markdown/wall.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { htmlOf, render } from './html.ts';

describe('text', () => {
  it.each([
    ['a table', '| a | b |\n|---|--:|\n| 1 | 2 |', '<td class="align-right">2</td>'],
    ['struck text', '~~old~~', '<s>old</s>'],
    [
      'an address with a scheme',
      'see https://a.example/x?y=1&z',
      '<a href="https://a.example/x?y=1&amp;z" rel="noopener noreferrer nofollow">',
    ],
    ['a mail link', '[mail](mailto:a@b.example)', '<a href="mailto:a@b.example" rel="noopener noreferrer nofollow">'],
    ['another tag as text', 'a <b>bold</b> claim', 'a &lt;b&gt;bold&lt;/b&gt; claim'],
    ['a placeholder', 'run `x` on <good-revision>', '&lt;good-revision&gt;'],
    ['a script as text', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['mermaid as its source', '```mermaid\ngraph TD\n```', '<span class="code-note">Diagram source</span>'],
    [
      'a remote image as a link',
      '![burn](https://a.example/b.png)',
      '<a href="https://a.example/b.png" rel="noopener noreferrer nofollow" class="image">burn</a>',
    ],
    ['a local image as its text', '![burn](img/b.png)', '<span class="image" title="Image: img/b.png">burn</span>'],
    [
      'an address after www.',
      'see www.a.example/x.',
      '<a href="http://www.a.example/x" rel="noopener noreferrer nofollow">www.',
    ],
    [
      'a mail address',
      'ask a@b.example',
      '<a href="mailto:a@b.example" rel="noopener noreferrer nofollow">a@b.example</a>',
    ],
    [
      "another tool's attributes",
      '``` js title="a.js"\nx\n```',
      '<span class="code-note">title=&quot;a.js&quot;</span>',
    ],
    ['attributes without a language', '```{.sh}\nx\n```', '<span class="code-note">{.sh}</span>'],
    [
      'an ordered list as boxes to tick',
      '3. look\n4. act',
      '<ol start="3">\n<li class="tick"><input type="checkbox" aria-label="Done" data-tick="1">look</li>',
    ],
    ['a task list', '- [x] done\n- [ ] open', '<input type="checkbox" checked aria-label="Done"> done'],
    ['a bullet list without boxes', '- look', '<li>look</li>'],
    ['a Hugo shortcode as text', '{{< hint >}}', '{{&lt; hint &gt;}}'],
    ['an unclosed fence to the end', '```sh\nls', 'data-copy="ls'],
    ['a fence inside a quote', '> ```sh\n> ls\n> ```', 'data-copy="ls\n"'],
    ['a fence inside a list', '1. do\n\n   ```sh\n   ls\n     -la\n   ```', 'data-copy="ls\n  -la\n"'],
    ['tildes around back ticks', '~~~md\n```sh\nls\n```\n~~~', 'data-copy="```sh\nls\n```\n"'],
  ])('draws %s', (_what, markdown, expected) => {
    const html = render(markdown);
    expect(html).toContain(expected);
    // What our own renderer writes is proven safe at once and never rewritten.
    expect(provenSafe(html)).toBe(true);
  });

  it('draws CRLF as it draws LF', () => {
    const text = '# A\n\n1. b\n\n```sh\nls \\\n  -la\n```\n\n<details>\n<summary>c</summary>\n\nd\n\n</details>\n';
    expect(render(text.replaceAll('\n', '\r\n'))).toBe(render(text));
  });

  it('takes addresses without a scheme for what they are: file names', () => {
    expect(render('voiceover.md and script.sh and //x.example and ftp://x.example')).not.toContain('<a ');
  });
});

describe('comments', () => {
  it.each([
    ['a\n\n<!-- hidden -->\n\nb'],
    ['a <!-- hidden --> b'],
    ['a <!-- hidden\nhidden --> b'],
    ['<!-- hidden\n\n```\nhidden\n```\n\nhidden -->\nb'],
    ['- a\n  <!-- hidden -->\n- b'],
    ['> <!-- hidden -->\n> b'],
    ['<!-- hidden --> b'],
    ['<details>\n<summary>a <!-- hidden --></summary>\n\nb\n</details>'],
  ])('are dropped from view: %j', (markdown) => {
    const html = render(markdown);
    expect(html).not.toContain('hidden');
    expect(html).toContain('b');
  });

  it('stay text when they are never closed, so that nothing is lost', () => {
    expect(render('<!-- kept\n\nand this')).toContain('kept');
    expect(render('<!-- kept\n\nand this')).toContain('<p>and this</p>');
  });

  it('stay in code, where they are content', () => {
    expect(render('```html\n<!-- kept -->\n```')).toContain('kept');
    expect(render('`<!-- kept -->`')).toContain('kept');
  });
});

describe('details', () => {
  const blocks = (html: string) => html.replaceAll('\n', '');

  it('become ours, with Markdown inside', () => {
    const html = render(
      '<details open>\n<summary>More **x**</summary>\n\n- a\n\n```sh\n</details>\n```\n\n</details>\n\nafter',
    );
    expect(html).toContain('<details open="">\n<summary>More <strong>x</strong></summary>');
    expect(html).toContain('data-copy="&lt;/details&gt;\n"');
    expect(html).toMatch(/<\/details>\s*<p>after<\/p>/);
  });

  it.each([
    ['on one line', '<details><summary>a</summary>b</details>'],
    ['with the end behind text', '<details>\n<summary>a</summary>\nb</details>'],
    ['with a summary over lines', '<details>\n<summary>\na\n</summary>\nb\n</details>'],
    ['in capitals', '<DETAILS>\n<SUMMARY>a</SUMMARY>\nb\n</DETAILS>'],
    ['never closed', '<details>\n<summary>a</summary>\n\nb'],
  ])('work %s', (_how, markdown) => {
    expect(blocks(render(markdown))).toBe('<details><summary>a</summary><p>b</p></details>');
  });

  it('nest, and end with the list that holds them', () => {
    const html = blocks(render('- <details>\n  <summary>a</summary>\n\n  <details>\n  b\n\n- c'));
    expect(html).toBe(
      '<ul><li><details><summary>a</summary><details><p>b</p></details></details></li><li><p>c</p></li></ul>',
    );
  });

  it('show a stray part as text', () => {
    expect(blocks(render('a\n\n</details>\n\n<summary>b</summary>'))).toBe('<p>a</p><p>&lt;/details&gt;</p><p>b</p>');
    expect(render('text that ends with </details>')).toContain('&lt;/details&gt;');
  });

  it('pass no attribute but open', () => {
    expect(render('<details onclick="x" open class="y">\na\n</details>')).toContain('<details open="">');
  });
});

describe('headings', () => {
  const anchors = (text: string) => parseRunbook(text, 'a.md').headings.map((heading) => heading.anchor);

  it('get the anchors that GitHub gives', () => {
    expect(
      anchors(
        [
          '# Turn it off (now)!',
          '## `kill-flag` & _more_',
          '## Übersicht 2 — später',
          '## a.b_c-d',
          '## Again',
          '## Again',
          '## Again-1',
          '### 100 %',
          '# <b>Bold</b>',
          '# Use <good-revision> now',
          '# `rm <file>` \\<x> &lt;y&gt; a < b > c',
          '# x² ½ Ⅷ ① _',
          '# 🚀 Launch',
          '# ¡!',
          '# !',
          `# ${'long '.repeat(300)}`,
        ].join('\n\n'),
      ),
    ).toEqual([
      'turn-it-off-now',
      'kill-flag--more',
      'übersicht-2--später',
      'ab_c-d',
      'again',
      'again-1',
      'again-1-1',
      '100-',
      'bold',
      'use--now',
      'rm-file-x-y-a--b--c',
      'x--ⅷ--_',
      '-launch',
      '',
      '-1',
      'long-'.repeat(300).slice(0, -1),
    ]);
  });

  it('Meaning, Impact, Diagnosis and Mitigation cut the page into sections', () => {
    const text =
      '# T\n\nintro\n\n## Meaning\n\nm\n\n### deeper\n\nd\n\n## IMPACT\n\ni\n\n## Escalation\n\ne\n\n## Mitigation\n\nx';
    const runbook = parseRunbook(text, 'a.md');
    expect(runbook.blocks.map((block) => block.section)).toEqual([null, 'meaning', 'impact', null, 'mitigation']);
    expect(htmlOf(runbook)).toContain('<h2 id="escalation">');
    expect(runbook.blocks[1]).toMatchObject({ html: expect.stringContaining('deeper') });
  });

  it('name the page when the front matter does not', () => {
    expect(parseRunbook('## b\n\n# The `title`', 'a.md').title).toBe('The title');
    expect(parseRunbook('text', 'runbooks/render-worker_backlog.md').title).toBe('Render worker backlog');
  });
});
