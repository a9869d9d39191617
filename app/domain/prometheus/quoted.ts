const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/**
 * The string literal of PromQL that begins at `at`, in double, single or back quotes; `end` is the place after it.
 * A fault says what is wrong and where.
 */
export function readLabelValue(
  text: string,
  at: number,
): { text: string; end: number } | { fault: string; at: number } {
  const quote = text[at];
  if (quote !== '"' && quote !== "'" && quote !== '`') return { fault: 'A value in quotes is expected.', at };
  if (quote === '`') {
    const end = text.indexOf('`', at + 1);
    return end < 0 ? { fault: 'The quote is not closed.', at } : { text: text.slice(at + 1, end), end: end + 1 };
  }
  let value = '';
  for (let i = at + 1; i < text.length; i++) {
    const character = text[i]!;
    if (character === quote) return { text: value, end: i + 1 };
    if (character !== '\\') {
      value += character;
      continue;
    }
    const read = readEscape(text, i, quote);
    if (!read) return { fault: `"${text.slice(i, i + 2)}" is not an escape; a backslash is written \\\\.`, at: i };
    value += read.text;
    i = read.last;
  }
  return { fault: 'The quote is not closed.', at };
}

/** An escape of Go string literals: named, \xHH, \uHHHH, \UHHHHHHHH or three octal digits. */
function readEscape(text: string, at: number, quote: string): { text: string; last: number } | null {
  const letter = text[at + 1];
  if (letter === undefined) return null;
  if (letter === '\\' || letter === quote) return { text: letter, last: at + 1 };
  if (Object.hasOwn(escapes, letter)) return { text: escapes[letter]!, last: at + 1 };
  const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal) return { text: String.fromCodePoint(Number.parseInt(octal, 8)), last: at + 3 };
  const length = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0;
  const digits = text.slice(at + 2, at + 2 + length);
  if (length === 0 || digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) return null;
  const code = Number.parseInt(digits, 16);
  return code > 0x10ffff ? null : { text: String.fromCodePoint(code), last: at + 1 + length };
}
