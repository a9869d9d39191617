import type { Place } from '../runbook/runbook.ts';
import type { SourceDocument } from './document.ts';
import { blockText } from './simple-block-text.ts';
import { constants, flowValue, plain } from './simple-flow.ts';
import { mapping, type Node, placeOf, type Reader } from './simple-node.ts';

/**
 * Reads the plain part of YAML that fences and front matter are nearly always written in: block mappings, one-line flow
 * mappings and lists, simple scalars, block texts. Some ten times faster than the full parser. Null for anything that it does not know
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

/** Tabs, carriage returns, anchors, tags, block lists and documents: all for the full parser. */
const unusual = /[\t\r\u0085\u2028\u2029\ufeff]|^(?:---|\.\.\.|%)|[:-][ ]+[&*!?@`]|^[ ]*(?:- |-$|\? )/m;
const entryPattern = /^( *)([A-Za-z_][\w-]*):(?: +(.*))?$/;

/** Index of the next line with content, null at the end; the reader stands there. */
function nextContent(reader: Reader): string | null {
  for (; reader.line < reader.lines.length; reader.line++) {
    const line = reader.lines[reader.line]!;
    const indent = indentOf(line);
    if (indent < line.length && line[indent] !== '#') return line;
  }
  return null;
}

function indentOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === 32) indent++;
  return indent;
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
      const deeper = below === null ? 0 : indentOf(below);
      if (rest === '' || deeper <= indent) return null;
      node = blockMapping(reader, deeper);
    } else if (rest.startsWith('|') || rest.startsWith('>')) {
      node = blockText(reader, indent, rest);
    } else {
      reader.column = line.length - rest.length;
      node = lineValue(reader, line);
      reader.line++;
      // A deeper line below a value would continue it.
      const below = nextContent(reader);
      if (below !== null && indentOf(below) > indent) return null;
    }
    if (!node) return null;
    entries.set(key, { key: place, node });
  }
  const first = entries.values().next().value;
  return first ? mapping(first.key, entries) : null;
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
