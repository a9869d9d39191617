import { describe, expect, it } from 'vitest';
import { allowedScheme } from '#app/domain/runbook/markdown/links.ts';
import { parseRunbook } from '#app/domain/runbook/parse.ts';
import { render } from './html.ts';

const known = new Set(['voiceover-burn', 'bad revision']);

describe('links', () => {
  it.each([
    ['[a](voiceover-burn.md)', 'href="/runbooks/voiceover-burn"'],
    ['[a](./voiceover-burn.md#impact)', 'href="/runbooks/voiceover-burn#impact"'],
    ['[a](../runbooks/voiceover-burn.md)', 'href="/runbooks/voiceover-burn"'],
    ['[a](<bad revision.md>)', 'href="/runbooks/bad%20revision"'],
    ['[a][r]\n\n[r]: voiceover-burn.md "T"', 'href="/runbooks/voiceover-burn" title="T"'],
    ['[a](/runbooks/voiceover-burn.md)', 'href="/runbooks/voiceover-burn"'],
    ['[a](voiceover%2Dburn.md?raw=1)', 'href="/runbooks/voiceover-burn"'],
    ['[a](/runbooks/voiceover-burn)', 'href="/runbooks/voiceover-burn"'],
    ['[a](/incidents)', 'href="/incidents"'],
    ['## Impact\n\n[a](#impact)', 'href="#impact"'],
    ['[a](https://x.example/b.md)', 'href="https://x.example/b.md"'],
  ])('%j leads somewhere', (markdown, expected) => {
    const html = render(markdown, known);
    expect(html).toContain(expected);
    expect(html).toContain('rel="noopener noreferrer nofollow"');
  });

  it.each([
    '[a](gone.md)',
    '[a](gone.md#x)',
    '[a](../docs/voiceover-burn.md)',
    '[a](sub/voiceover-burn.md)',
    '[a](../../voiceover-burn.md)',
    '[a](/voiceover-burn.md)',
    '[a](#gone)',
    '[a](../scripts/fix.sh)',
    '[a](/runbooks/gone)',
    '[a](//x.example)',
    '[a](/secret)',
  ])('%j is drawn as unresolved', (markdown) => {
    const html = render(markdown, known);
    expect(html).toMatch(/<span class="unresolved" title="[^"]+">a<\/span>/);
    expect(html).not.toContain('<a ');
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    ' javascript:x',
    '\u0001javascript:x',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://x.example',
    'blob:x',
    'x-custom:y',
  ])('the scheme of %j stays text', (href) => {
    expect(allowedScheme(href)).toBe(false);
    expect(render(`[a](<${href}>)`)).not.toContain('href');
  });

  it('are listed with their exact place', () => {
    const text = 'x [a](gone.md) [b](gone.md)\ny <https://x.example> [c](<bad revision.md#y>)\n\n[d](#e)';
    expect(parseRunbook(text, 'a.md', { known }).links).toEqual([
      { href: 'gone.md', line: 1, column: 7, slug: 'gone', anchor: null, resolved: false },
      { href: 'gone.md', line: 1, column: 20, slug: 'gone', anchor: null, resolved: false },
      { href: 'https://x.example', line: 2, column: 4, slug: null, anchor: null, resolved: true },
      { href: 'bad%20revision.md#y', line: 2, column: 28, slug: 'bad revision', anchor: 'y', resolved: true },
      { href: '#e', line: 4, column: 5, slug: null, anchor: null, resolved: false },
    ]);
  });

  it('in tables and without a scheme have their place too', () => {
    const text = '| a |\n|---|\n| [x](b.md) |\n| www.a.example |\n\nask a@b.example';
    expect(parseRunbook(text, 'a.md').links?.map(({ href, line, column }) => [href, line, column])).toEqual([
      ['b.md', 3, 7],
      ['http://www.a.example', 4, 3],
      ['mailto:a@b.example', 6, 5],
    ]);
  });

  it('of a tree of folders lead where their path says', () => {
    const find = (path: string) => (path === 'team/b c.md' ? { slug: 'b c', href: '../b%20c.html' } : null);
    const text = '[a](<../b c.md#x>) [b](b.md)';
    const { links, blocks } = parseRunbook(text, 'team/sub/a.md', { find });
    expect(links?.map((link) => link.resolved)).toEqual([true, false]);
    expect(blocks[0]).toMatchObject({ html: expect.stringContaining('href="../b%20c.html#x"') });
  });

  it('to a step lead to it', () => {
    const text = '[a](#step-stop)\n\n```yaml runbook-step\nid: stop\nuses: pagerduty.acknowledge\n```';
    expect(render(text)).toContain('href="#step-stop"');
  });
});
