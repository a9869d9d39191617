import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { provenSafe, wall } from '#app/domain/runbook/markdown/wall.ts';

/** HTML that the renderer never writes; the wall has to hold without it. */
const hostile = [
  '<script>alert(1)</script>',
  '<p onclick="alert(1)">x</p>',
  '<p style="position:fixed">x</p>',
  '<img src="https://evil.example/x.png">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="//evil.example">x</a>',
  '<a href="/\\evil.example">x</a>',
  '<a href="data:text/html,x">x</a>',
  "<a href='https://a.example'>x</a>",
  '<a href=https://a.example>x</a>',
  '<iframe src="https://evil.example"></iframe>',
  '<form action="/sign-out"><button type="submit">x</button></form>',
  '<svg><p>x</p></svg>',
  '<math><mtext></mtext></math>',
  '<p>unclosed',
  '<em><strong>crossed</em></strong>',
  '</p>',
  '<p',
  '<!-- comment -->',
  '<!doctype html>',
  '<P>x</P>',
  '<p\n>x</p>',
  '<p x>',
  '<input type="text">',
  '<span class="toolbar">x</span>',
  '<template><p>x</p></template>',
  '<h2 id="a b">x</h2>',
  '<constructor>x</constructor>',
  '<__proto__>x</__proto__>',
];

describe('the second wall', () => {
  it.each(hostile)('does not pass %j as it is', (html) => expect(provenSafe(html)).toBe(false));

  it.each(hostile)('rewrites %j into something it would pass', (html) => {
    const clean = wall(html);
    expect(clean).not.toMatch(/script|onclick|style=|<img|<iframe|<form|<svg|evil\.example|javascript/i);
  });

  it('passes what the renderer writes, unchanged', () => {
    const html =
      '<h2 id="a">A</h2>\n<p>x <a href="https://a.example" rel="noopener noreferrer nofollow">y</a><br></p>\n<pre tabindex="0"><code class="language-c++">&lt;script&gt;</code></pre>';
    expect(provenSafe(html)).toBe(true);
    expect(wall(html)).toBe(html);
  });

  it('never passes an event handler or a script, whatever is put together', () => {
    const parts = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '=',
      ' ',
      '/',
      'p',
      'a',
      'script',
      'href',
      'onload',
      'javascript:',
      'class',
      'tick',
      '<p>',
      '</p>',
      '<a ',
      '&lt;',
      '\n',
      '<!--',
      '-->',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 30 }), (chosen) => {
        const html = chosen.join('');
        if (provenSafe(html)) expect(html).not.toMatch(/<\s*script|<[^>]*\bon\w+\s*=|<[^>]*javascript:/i);
        expect(wall(html)).not.toMatch(/<\s*script|<[^>]*\bonload\s*=|<[^>]*href="javascript:/i);
      }),
      { numRuns: 500 },
    );
  });
});
