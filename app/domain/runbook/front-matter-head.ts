/** Front matter as found at the beginning of a file, not yet read. */
export interface Head {
  kind: 'yaml' | 'toml' | 'json';
  /** What stands between the marks; of JSON the whole of it. */
  content: string;
  /** The head with its marks, as it stands in the file. */
  source: string;
  /** Lines that it takes. */
  lines: number;
  rest: string;
}

/** Longest head that is read as data; a longer one is text. */
const longest = 64 * 1024;

/** The head of a file: null when there is none, `open` when one begins and never ends. */
export function findHead(text: string): Head | 'open' | null {
  if (text.startsWith('{')) return findJson(text);
  const mark = /^(---|\+\+\+)[ \t]*\r?\n/.exec(text);
  if (!mark) return null;
  const kind = mark[1] === '---' ? 'yaml' : 'toml';
  const after = text.slice(mark[0].length, mark[0].length + longest);
  const close = (kind === 'yaml' ? yamlEnd : tomlEnd).exec(after);
  if (!close) return firstKey[kind].test(after) ? 'open' : null;
  return headOf(kind, text, after.slice(0, close.index), mark[0].length + close.index + close[0].length);
}

const yamlEnd = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m;
const tomlEnd = /^\+\+\+[ \t]*(?:\r?\n|$)/m;
/** What tells an open head from a rule with text below it. */
const firstKey = { yaml: /^[a-z][\w-]*:(?:[ \t\r\n]|$)/, toml: /^\s*[\w-]+[ \t]*=/ };

/** A JSON object that ends its line. One whose first key is not even quoted is text, such as a shortcode. */
function findJson(text: string): Head | 'open' | null {
  if (!/^\{\s*(?:"|\}[ \t]*\r?\n)/.test(text.slice(0, 200))) return null;
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length && at < longest; at++) {
    const character = text[at]!;
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) {
      const lineEnd = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(at + 1, at + 200));
      return lineEnd ? headOf('json', text, text.slice(0, at + 1), at + 1 + lineEnd[0].length) : 'open';
    }
  }
  return 'open';
}

function headOf(kind: Head['kind'], text: string, content: string, end: number): Head {
  const source = text.slice(0, end);
  return { kind, content, source, lines: source.split('\n').length - 1, rest: text.slice(end) };
}
