/** A token of a monitoring or logging filter. */
export interface Token {
  kind: 'word' | 'string' | 'op';
  text: string;
  at: number;
}

const space = String.raw`\s+`;
const quoted = String.raw`"((?:[^"\\]|\\.)*)"`;
const operator = '(!=|>=|<=|=~|!~|[=:<>(),])';
const part = '[A-Za-z0-9_/*+-]+';
const word = String.raw`(${part}(?:\.(?:${part}|"(?:[^"\\]|\\.)*"))*)`;
const pattern = new RegExp(`${space}|${quoted}|${operator}|${word}`, 'y');

/** Splits a filter into words (with their dotted, perhaps quoted, parts), strings and operators. Throws on what is none of these. */
export function tokenize(filter: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < filter.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(filter);
    if (!match) throw new Error(`syntax error at line 1, column ${at + 1}, token '${filter[at]}'`);
    if (match[1] !== undefined) tokens.push({ kind: 'string', text: match[1].replace(/\\(.)/g, '$1'), at });
    else if (match[2] !== undefined) tokens.push({ kind: 'op', text: match[2], at });
    else if (match[3] !== undefined) tokens.push({ kind: 'word', text: match[3].replace(/"/g, ''), at });
    at = pattern.lastIndex;
  }
  return tokens;
}
