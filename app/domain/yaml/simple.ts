import type { Place } from '../runbook/runbook.ts';
import type { Path, SourceDocument } from './document.ts';

/**
 * Reads the plain part of YAML that fences and front matter are nearly always written in: block mappings, one-line flow
 * mappings and lists, simple scalars. Some ten times faster than the full parser. Null for anything that it does not know
 * for certain, which the full parser then reads: on what both read they agree, in values and in places.
 */
export function readSimpleYaml(
  text: string,
  file: string,
  offset: { line: number; column: number } = { line: 0, column: 0 },
): SourceDocument | null {
  if (unusual.test(text)) return null;
  const lines = text.split('\n');
  const reader: Reader = { lines, line: 0, column: 0 };
  const root = blockMapping(reader, 0);
  if (!root || nextContent(reader) !== null) return null;
  const shift = ({ line, column }: Place): Place => ({ line: line + offset.line, column: column + offset.column });
  return { file, value: root.value, place: (path, part = 'value') => shift(placeOf(root, path, part)) };
}

/** A value with where it starts, and where its parts do. Lines and columns are 1-based in the text. */
interface Node extends Place {
  value: unknown;
  entries?: Map<string, { key: Place; node: Node }>;
  items?: Node[];
}

interface Reader {
  lines: string[];
  /** 0-based. */
  line: number;
  column: number;
}

/** Tabs, carriage returns, anchors, tags, block scalars and documents: all for the full parser. */
const unusual = /[\t\r\u0085\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)|[:-][ ]+[&*!|>?@`]|^[ ]*(?:- |-$|\? )/m;
const entryPattern = /^( *)([A-Za-z_][\w-]*):(?: +(.*))?$/;

/** Index of the next line with content, null at the end; the reader stands there. */
function nextContent(reader: Reader): string | null {
  for (; reader.line < reader.lines.length; reader.line++) {
    const line = reader.lines[reader.line]!;
    if (!/^ *(?:#|$)/.test(line)) return line;
  }
  return null;
}

function blockMapping(reader: Reader, indent: number): Node | null {
  const entries = new Map<string, { key: Place; node: Node }>();
  for (;;) {
    const line = nextContent(reader);
    if (line === null) break;
    const match = entryPattern.exec(line);
    if (!match) return null;
    const [, spaces, key, rest] = match as unknown as [string, string, string, string | undefined];
    if (spaces.length < indent && entries.size > 0) break;
    if (spaces.length !== indent || entries.has(key) || key === '__proto__' || constants.test(key)) return null;
    const place = { line: reader.line + 1, column: indent + 1 };
    let node: Node | null;
    if (rest === undefined || rest === '') {
      reader.line++;
      const below = nextContent(reader);
      const deeper = below === null ? 0 : below.length - below.trimStart().length;
      if (rest === '' || deeper <= indent) return null;
      node = blockMapping(reader, deeper);
    } else {
      reader.column = line.length - rest.length;
      node = lineValue(reader, line);
      reader.line++;
      // A deeper line below a value would continue it.
      const below = nextContent(reader);
      if (below !== null && below.length - below.trimStart().length > indent) return null;
    }
    if (!node) return null;
    entries.set(key, { key: place, node });
  }
  const first = entries.values().next().value;
  return first ? mapping(first.key, entries) : null;
}

function mapping(start: Place, entries: Map<string, { key: Place; node: Node }>): Node {
  const value = Object.fromEntries([...entries].map(([key, { node }]) => [key, node.value]));
  return { line: start.line, column: start.column, value, entries };
}

/** The value of a block entry, to the end of its line; a comment may follow. */
function lineValue(reader: Reader, line: string): Node | null {
  const start = { line: reader.line + 1, column: reader.column + 1 };
  const head = line[reader.column]!;
  let node: Node | null;
  if (head === '{' || head === '[' || head === '"' || head === "'") node = flowValue(reader, line);
  else {
    const comment = line.indexOf(' #', reader.column);
    const text = line.slice(reader.column, comment < 0 ? line.length : comment).trimEnd();
    reader.column = line.length;
    // In a block a plain text may hold brackets and commas, but no ": ".
    const value = /:(?: |$)/.test(text) ? undefined : plain(text);
    node = value === undefined ? null : { ...start, value };
  }
  return node && /^ *(?: #.*)?$/.test(line.slice(reader.column)) ? node : null;
}

function flowValue(reader: Reader, line: string): Node | null {
  const start = { line: reader.line + 1, column: reader.column + 1 };
  const head = line[reader.column];
  if (head === '{') return flowMapping(reader, line, start);
  if (head === '[') return flowList(reader, line, start);
  if (head === '"' || head === "'") {
    const close = line.indexOf(head, reader.column + 1);
    const text = line.slice(reader.column + 1, close);
    if (close < 0 || text.includes('\\') || line[close + 1] === head) return null;
    reader.column = close + 1;
    return { ...start, value: text };
  }
  flowPlain.lastIndex = reader.column;
  const text = flowPlain.exec(line)?.[0].trimEnd();
  const value = text ? plain(text) : undefined;
  if (!text || value === undefined) return null;
  reader.column += text.length;
  return { ...start, value };
}

const flowPlain = /[\w][\w ./@%+-]*/y;

function flowMapping(reader: Reader, line: string, start: Place): Node | null {
  const entries = new Map<string, { key: Place; node: Node }>();
  reader.column++;
  for (;;) {
    skipSpaces(reader, line);
    if (line[reader.column] === '}') break;
    flowKey.lastIndex = reader.column;
    const match = flowKey.exec(line);
    if (!match) return null;
    const key = match[1]!;
    if (entries.has(key) || key === '__proto__' || constants.test(key)) return null;
    const place = { line: reader.line + 1, column: reader.column + 1 };
    reader.column = flowKey.lastIndex;
    const node = flowValue(reader, line);
    if (!node) return null;
    entries.set(key, { key: place, node });
    if (!separated(reader, line, '}')) return null;
  }
  reader.column++;
  return mapping(start, entries);
}

const flowKey = /([A-Za-z_][\w-]*): +/y;

function flowList(reader: Reader, line: string, start: Place): Node | null {
  const items: Node[] = [];
  reader.column++;
  for (;;) {
    skipSpaces(reader, line);
    if (line[reader.column] === ']') break;
    const node = flowValue(reader, line);
    if (!node) return null;
    items.push(node);
    if (!separated(reader, line, ']')) return null;
  }
  reader.column++;
  return { ...start, value: items.map((item) => item.value), items };
}

/** Past a comma, or at the end sign. A comma before the end is for the full parser to judge. */
function separated(reader: Reader, line: string, end: string): boolean {
  skipSpaces(reader, line);
  if (line[reader.column] === end) return true;
  if (line[reader.column] !== ',') return false;
  reader.column++;
  skipSpaces(reader, line);
  return line[reader.column] !== end;
}

function skipSpaces(reader: Reader, line: string): void {
  while (line[reader.column] === ' ') reader.column++;
}

const constants = /^(?:true|false|null)$/i;

/** A plain scalar of a certain meaning: a word, a number, a duration or a date; undefined for any other. */
function plain(text: string): unknown {
  if (/^[A-Za-z_]/.test(text)) return plainWords(text);
  if (/^(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(text)) return Number(text);
  return /^\d{1,9}[smhdw]$|^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
}

function plainWords(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return constants.test(text) ? undefined : text;
}

/** As the full parser tells places: of what is missing, the key of its nearest parent that is there. */
function placeOf(root: Node, path: Path, part: 'value' | 'key'): Place {
  let found: Place = root;
  let node: Node | undefined = root;
  for (const [index, step] of path.entries()) {
    if (node?.entries) {
      const entry = node.entries.get(String(step));
      if (!entry) break;
      found = index === path.length - 1 && part === 'value' ? entry.node : entry.key;
      node = entry.node;
    } else if (node?.items) {
      const item: Node | undefined = node.items[Number(step)];
      if (!item) break;
      found = item;
      node = item;
    } else break;
  }
  return { line: found.line, column: found.column };
}
