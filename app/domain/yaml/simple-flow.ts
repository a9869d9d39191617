import type { Place } from '../runbook/runbook.ts';
import { mapping, type Node, type Reader } from './simple-node.ts';

/** Brackets inside of brackets that are read here; deeper ones are for the full parser, which counts them first. */
const deepest = 16;

/**
 * A flow value of one line (braces, brackets, quotes or a plain word) at the reader's column, `depth` brackets deep; null for
 * anything uncertain.
 */
export function flowValue(reader: Reader, line: string, depth = 0): Node | null {
  if (depth > deepest) return null;
  const start = { line: reader.line + 1, column: reader.column + 1 };
  const head = line[reader.column];
  if (head === '{') return flowMapping(reader, line, start, depth);
  if (head === '[') return flowList(reader, line, start, depth);
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

function flowMapping(reader: Reader, line: string, start: Place, depth: number): Node | null {
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
    const node = flowValue(reader, line, depth + 1);
    if (!node) return null;
    entries.set(key, { key: place, node });
    if (!separated(reader, line, '}')) return null;
  }
  reader.column++;
  return mapping(start, entries);
}

const flowKey = /([A-Za-z_][\w-]*): +/y;

function flowList(reader: Reader, line: string, start: Place, depth: number): Node | null {
  const items: Node[] = [];
  reader.column++;
  for (;;) {
    skipSpaces(reader, line);
    if (line[reader.column] === ']') break;
    const node = flowValue(reader, line, depth + 1);
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

/** Words that are no text as a key or a value. */
export const constants = /^(?:true|false|null)$/i;

/** A plain scalar of a certain meaning: words, a number, a duration (`7d`, `3 months`) or a date; undefined for any other. */
export function plain(text: string): unknown {
  if (/^[A-Za-z_]/.test(text)) return plainWords(text);
  if (/^(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/.test(text)) return Number(text);
  return /^\d{1,9}(?:[smhdw]| [A-Za-z]+)$|^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
}

function plainWords(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return constants.test(text) ? undefined : text;
}
