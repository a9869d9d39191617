import type { Token } from 'markdown-it';

/** Text of a heading as a reader sees it, without marks. */
export function plainText(tokens: readonly Token[] | null): string {
  let text = '';
  for (const token of tokens ?? []) {
    if (token.type === 'text' || token.type === 'code_inline') text += token.content;
    else if (token.type === 'softbreak' || token.type === 'hardbreak') text += ' ';
    else if (token.type === 'image') text += plainText(token.children);
  }
  return text.trim();
}

/** Gives each heading the anchor that GitHub would: `Turn it off (now)` is `turn-it-off-now`, a second one `…-1`. */
export function anchorMaker(): (text: string) => string {
  const seen = new Map<string, number>();
  return (text) => {
    const base = slug(text.slice(0, 500));
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
  const plain = (text.includes('<') ? text.replace(/<[^<>]*>/g, '') : text).trim().toLowerCase();
  // The Unicode classes are right for every text and slow; most headings need only the second pattern.
  const kept = ascii.test(plain) ? plain.replace(/[^\w -]/g, '') : plain.replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '');
  return kept.replaceAll(' ', '-') || 'section';
}
