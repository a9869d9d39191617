import type { Token } from 'markdown-it';

/** Text of a heading as a reader sees it, without marks. */
export function plainText(tokens: readonly Token[] | null): string {
  return textOf(tokens, (text) => text).trim();
}

/**
 * Text of a heading from which GitHub makes its anchor: tags are gone, and brackets that are no tag (in code, or written
 * as `\<` or `&lt;`) leave what they enclose.
 */
export function anchorText(tokens: readonly Token[] | null): string {
  const text = textOf(tokens, (literal) => literal.replace(/[<>]/g, ''));
  return (text.includes('<') ? text.replace(tags, '') : text).trim();
}

const tags = /<\/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?\/?>/g;

function textOf(tokens: readonly Token[] | null, literal: (text: string) => string): string {
  let text = '';
  for (const token of tokens ?? []) {
    if (token.type === 'text') text += token.content;
    else if (token.type === 'code_inline' || token.type === 'text_special') text += literal(token.content);
    else if (token.type === 'softbreak' || token.type === 'hardbreak') text += ' ';
    else if (token.type === 'image') text += textOf(token.children, literal);
  }
  return text;
}

/**
 * Gives each heading the anchor that GitHub would: `Turn it off (now)` is `turn-it-off-now`, a second one `…-1`. One
 * without a letter or digit has an empty one: nothing can lead there.
 */
export function anchorMaker(): (text: string) => string {
  const seen = new Map<string, number>();
  return (text) => {
    const base = slug(text);
    let count = seen.get(base);
    if (count === undefined) {
      seen.set(base, 0);
      return base;
    }
    let anchor: string;
    do anchor = `${base}-${++count}`;
    while (seen.has(anchor));
    seen.set(base, count);
    seen.set(anchor, 0);
    return anchor;
  };
}

const ascii = /^[\x20-\x7e]*$/;

function slug(text: string): string {
  const plain = text.toLowerCase();
  // The Unicode classes are right for every text and slow; most headings need only the second pattern.
  const kept = ascii.test(plain)
    ? plain.replace(/[^\w -]/g, '')
    : plain.replace(/[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc} -]/gu, '');
  return kept.replaceAll(' ', '-');
}
