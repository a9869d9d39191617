import { readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';
import { expect, test } from 'vitest';
import { leanStates } from '#app/domain/runbook/markdown/lean-states.ts';

const lean = new MarkdownIt().use(leanStates);
const own = new MarkdownIt();
const markdown = `${readFileSync('runbooks/voiceover-burn.md', 'utf8')}

> quoted **_nested_ \`code\`** ~~gone~~ [link *in* link](x "t") ![image *alt*](y)
> - list
>   1. deep\\
>      hard  \n>      break &amp; <http://a.b> *unbalanced **[

*out [in* side](x) out* and ~~one [two~~](y)

| a | b |\n|---|:-:|\n| *c* | \`d\` |\n`;

test('tokens and inline states have the fields of markdown-it', () => {
  const token = (md: typeof own) => md.parse('*a*', {})[1]!;
  expect(Object.keys(token(lean)).sort()).toEqual(Object.keys(token(own)).sort());
  expect(token(lean)).toBeInstanceOf(MarkdownIt.Token);
  const state = (md: typeof own) => new md.inline.State('a', md, {}, []);
  expect(Object.keys(state(lean)).sort()).toEqual(Object.keys(state(own)).sort());
  expect(state(lean)).toBeInstanceOf(MarkdownIt.StateInline);
});

test('what they hold is the same, token for token', () => {
  const plain = (md: typeof own) => JSON.parse(JSON.stringify(md.parse(markdown, {})));
  expect(plain(lean)).toEqual(plain(own));
  expect(lean.render(markdown)).toBe(own.render(markdown));
});
