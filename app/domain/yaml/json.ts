import type { Place, Problem } from '../runbook/runbook.ts';
import type { Path, SourceDocument } from './document.ts';

const deepest = 100;
const plain = /[{}[\],:]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/**
 * Reads a JSON text (RFC 8259; a byte order mark is allowed) as a document whose parts know their line and column. Never
 * throws: null, with the problem and its place, for what is no JSON or nested deeper than 100 levels.
 */
export function readJson(text: string, file: string): { document: SourceDocument | null; problems: Problem[] } {
  const content = text.replace(/^\ufeff/, '');
  const wrong = (at: number, message: string, hint: string | null) => ({
    document: null,
    problems: [{ file, ...placeAt(content, at), severity: 'error' as const, message, hint }],
  });
  if (content.trim() === '') return wrong(0, 'The file is empty.', 'Write one JSON document.');
  const fault = walk(content, () => {});
  if (fault?.deep) return wrong(fault.at, `Values are nested deeper than ${deepest} levels.`, 'Flatten them.');
  if (fault)
    return wrong(
      fault.at,
      fault.at >= content.length ? 'The JSON ends too early.' : 'This is not JSON.',
      `Expected here: ${fault.expected}.`,
    );
  const value: unknown = JSON.parse(content);
  return {
    document: { file, value, place: (path, part = 'value') => placeAt(content, offsetOf(content, path, part)) },
    problems: [],
  };
}

/** Offset of the value (or last key) at `path`, else of the nearest parent that is there. */
function offsetOf(content: string, path: Path, part: 'value' | 'key'): number {
  let best = { depth: -1, at: 0 };
  walk(content, (here, at, kind) => {
    const depth = here.length;
    if (depth > path.length || (kind === 'key' && depth === path.length && part === 'value')) return;
    if (kind === 'value' && depth === path.length && part === 'key' && typeof path.at(-1) === 'string') return;
    // A key comes before its value; of repeated keys the last one counts.
    if (depth >= best.depth && here.every((step, index) => String(step) === String(path[index]))) {
      const parent = kind === 'value' && depth < path.length && best.depth === depth;
      best = { depth, at: parent ? best.at : at };
    }
  });
  return best.at;
}

type Visit = (path: readonly (string | number)[], at: number, kind: 'key' | 'value') => void;

/** Goes through the text once, without recursion; the first fault, or null when it is JSON. */
function walk(content: string, visit: Visit): { at: number; expected: string; deep: boolean } | null {
  const path: (string | number)[] = [];
  const open: ('{' | '[')[] = [];
  let wanted: 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' = 'value';
  let end = 0;
  for (;;) {
    const at = skipSpace(content, end);
    if (at === content.length && open.length === 0 && wanted === ', or end') return null;
    const no = { at, expected: inWords(wanted, open.at(-1)), deep: false };
    end = tokenEnd(content, at);
    if (end < 0) return no;
    const token = content.slice(at, end);
    const string = token.startsWith('"') ? token : null;
    const sign = /^[{}[\],:]$/.test(token) ? token : null;
    const closes = sign === '}' ? '{' : sign === ']' ? '[' : null;
    if (closes) {
      const empty = wanted === 'key or }' ? '{' : wanted === 'value or ]' ? '[' : null;
      if (open.at(-1) !== closes || (wanted !== ', or end' && empty !== closes)) return no;
      if (empty !== '{') path.pop();
      open.pop();
      wanted = ', or end';
    } else if (wanted === 'key' || wanted === 'key or }') {
      if (!string) return no;
      path.push(JSON.parse(string) as string);
      visit(path, at, 'key');
      wanted = ':';
    } else if (wanted === ':') {
      if (sign !== ':') return no;
      wanted = 'value';
    } else if (wanted === ', or end') {
      const inside = open.at(-1);
      if (sign !== ',' || !inside) return no;
      const last = path.pop();
      if (inside === '[') path.push((last as number) + 1);
      wanted = inside === '[' ? 'value' : 'key';
    } else {
      if (sign && sign !== '{' && sign !== '[') return no;
      visit(path, at, 'value');
      if (sign === '{' || sign === '[') {
        if (open.length === deepest) return { at, expected: '', deep: true };
        open.push(sign);
        if (sign === '[') path.push(0);
        wanted = sign === '[' ? 'value or ]' : 'key or }';
      } else wanted = ', or end';
    }
  }
}

function skipSpace(content: string, from: number): number {
  let at = from;
  while (at < content.length && ' \t\n\r'.includes(content[at]!)) at++;
  return at;
}

/** Where the token at `at` ends; -1 when none stands there. */
function tokenEnd(content: string, at: number): number {
  if (content[at] !== '"') {
    plain.lastIndex = at;
    return plain.test(content) ? plain.lastIndex : -1;
  }
  // By hand: a pattern over a string of many megabytes would run out of stack.
  for (let i = at + 1; i < content.length; i++) {
    const code = content.charCodeAt(i);
    if (code === 34) return i + 1;
    if (code < 32) return -1;
    if (code !== 92) continue;
    escaped.lastIndex = i;
    if (!escaped.test(content)) return -1;
    i = escaped.lastIndex - 1;
  }
  return -1;
}

function inWords(wanted: string, inside: '{' | '[' | undefined): string {
  if (wanted === ', or end') return inside === '{' ? 'a comma or }' : inside === '[' ? 'a comma or ]' : 'the end';
  if (wanted.startsWith('key')) return wanted === 'key' ? 'a key in double quotes' : 'a key in double quotes or }';
  return wanted === ':' ? 'a colon' : wanted === 'value' ? 'a value' : 'a value or ]';
}

function placeAt(content: string, offset: number): Place {
  const before = content.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
