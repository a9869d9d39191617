import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from 'yaml';
import type { Place, Problem } from '../runbook/runbook.ts';

/** A path into a document, as zod gives it: keys of maps and indexes of lists. */
export type Path = readonly PropertyKey[];

/** One document of a YAML file: its plain value, and where each part of it stands. */
export interface SourceDocument {
  file: string;
  value: unknown;
  /**
   * Where the value at `path` starts (1-based line and column, columns in UTF-16 units). When it is not there: the key
   * of the nearest parent that is. With `key` the place of the last key itself.
   */
  place(path: Path, part?: 'value' | 'key'): Place;
}

/** Options of a read: bounds against hostile files, and the position of a fragment inside a larger file. */
export interface ReadOptions {
  /** Expansions of aliases allowed in one document; more is taken for an attack. */
  maxAliases?: number;
  /** Documents allowed in one file. */
  maxDocuments?: number;
  /** Lines and columns to add when the text is a part of a file (a fence, front matter). */
  offset?: { line: number; column: number };
}

const deepest = 64;
const tooDeep = `Values are nested deeper than ${deepest} levels.`;

/**
 * Parses every document of a YAML 1.2 text. Never throws: what cannot be read becomes a problem with its place, and
 * the documents that could be read are returned all the same. Empty documents are left out.
 */
export function readYaml(
  text: string,
  file: string,
  options: ReadOptions = {},
): { documents: SourceDocument[]; problems: Problem[] } {
  const { maxAliases = 100, maxDocuments = 500, offset = { line: 0, column: 0 } } = options;
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const documents: SourceDocument[] = [];
  const at = (position: number): Place => {
    const { line, col } = lines.linePos(position);
    const first = Math.max(line, 1);
    return { line: first + offset.line, column: Math.max(col, 1) + offset.column };
  };
  const report = (place: Place, message: string, hint: string | null, severity: Problem['severity'] = 'error') =>
    problems.push({ file, ...place, severity, message, hint });

  let parsed: Document.Parsed[];
  try {
    if (nesting(text) > deepest) {
      report(at(0), `Brackets are nested deeper than ${deepest} levels.`, 'Write the value as indented blocks.');
      return { documents, problems };
    }
    const result = parseAllDocuments(text.replace(/^\ufeff/, ''), {
      lineCounter: lines,
      prettyErrors: false,
      // The parser compares every key of a mapping with every other one; `repeatedKeys` asks each only once.
      uniqueKeys: false,
      logLevel: 'error',
    });
    parsed = Array.isArray(result) ? result : [];
  } catch (error) {
    report(at(0), `This is not YAML: ${words(error)}.`, null);
    return { documents, problems };
  }
  if (parsed.length > maxDocuments) {
    report(at(0), `The file holds ${parsed.length} documents; at most ${maxDocuments} are read.`, 'Split the file.');
    return { documents, problems };
  }
  for (const document of parsed) {
    for (const warning of document.warnings) report(at(warning.pos[0]), words(warning), null, 'warning');
    if (document.errors.length > 0) {
      for (const error of document.errors.slice(0, 20)) report(at(error.pos[0]), words(error), syntaxHint(error.code));
      continue;
    }
    try {
      if (depth(document) > deepest) {
        report(at(document.range[0]), tooDeep, null);
        continue;
      }
      const circle = aliasOfItself(document);
      if (circle) {
        const hint = 'Write the value out instead of repeating it by alias.';
        report(at(circle.range?.[0] ?? 0), `The alias *${circle.source} stands inside of what it repeats.`, hint);
        continue;
      }
      const repeated = repeatedKeys(document);
      if (repeated.length > 0) {
        for (const key of repeated.slice(0, 20)) report(at(key), 'Map keys must be unique', 'Remove one of the two.');
        continue;
      }
      const value: unknown = document.toJS({ maxAliasCount: maxAliases });
      if (value === null || value === undefined) continue;
      documents.push({ file, value, place: (path, part = 'value') => at(positionOf(document, path, part)) });
    } catch (error) {
      report(at(document.range[0]), words(error), 'Write the value out instead of repeating it by alias.');
    }
  }
  return { documents, problems };
}

/** Offset of the value (or last key) at `path`; falls back to the key of the deepest part that exists. */
function positionOf(document: Document.Parsed, path: Path, part: 'value' | 'key'): number {
  const start = isNode(document.contents) ? (document.contents.range?.[0] ?? 0) : document.range[0];
  let node: unknown = document.contents;
  let found = start;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    const last = index === path.length - 1;
    if (isMap(node)) {
      const pair = node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step));
      if (!pair) return found;
      const key = startOf(pair.key) ?? found;
      const value = startOf(pair.value);
      // An empty value has no place of its own worth showing: point at its key.
      found = (last && part === 'value' && !isEmpty(pair.value) ? value : key) ?? key;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) return found;
      found = startOf(item) ?? found;
      node = item;
    } else return found;
  }
  return found;
}

function startOf(node: unknown): number | null {
  return isNode(node) ? (node.range?.[0] ?? null) : null;
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && !node.source);
}

/** Deepest run of open flow brackets, so that a parser that recurses is never given a bomb. */
function nesting(text: string): number {
  let open = 0;
  let most = 0;
  for (const character of text) {
    if (character === '[' || character === '{') most = Math.max(most, ++open);
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
  }
  return most;
}

/** An alias within the value that it stands for: it has no end, and costs the parser more than its square. */
function aliasOfItself(document: Document.Parsed): Alias | null {
  let found: Alias | null = null;
  visit(document, {
    Alias(_key, alias, path) {
      const around = path.filter((node) => (isMap(node) || isSeq(node)) && node.anchor === alias.source);
      if (around.length === 0 || !around.includes(alias.resolve(document) as Node)) return;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}

function depth(document: Document.Parsed): number {
  let most = 0;
  visit(document, {
    Node(_key, _node, path) {
      most = Math.max(most, path.length / 2);
      if (most > deepest) return visit.BREAK;
    },
  });
  return most;
}

/** Offsets of keys that their mapping has already. */
function repeatedKeys(document: Document.Parsed): number[] {
  const found: number[] = [];
  visit(document, {
    Map(_key, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found.push(startOf(key) ?? 0);
        seen.add(key.value);
      }
    },
  });
  return found;
}

function words(error: unknown): string {
  // The parser goes into what is nested as deep as the stack lets it, and says that alone.
  if (error instanceof Error && /maximum call stack/i.test(error.message)) return tooDeep.replace(/\.$/, '');
  return error instanceof Error ? (error.message.split('\n')[0] ?? '').replace(/\.$/, '') : String(error);
}

function syntaxHint(code: string): string | null {
  if (code === 'TAB_AS_INDENT') return 'Indent with spaces.';
  if (code === 'BAD_INDENT') return 'Line the keys of one mapping up under each other.';
  return null;
}
