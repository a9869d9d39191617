import type { Place } from '../runbook/runbook.ts';
import type { Path } from './document.ts';

/** A value with where it starts, and where its parts do. Lines and columns are 1-based in the text. */
export interface Node extends Place {
  value: unknown;
  entries?: Map<string, { key: Place; node: Node }>;
  items?: Node[];
}

/** Where the quick reader stands. */
export interface Reader {
  lines: string[];
  /** 0-based. */
  line: number;
  column: number;
}

/** A mapping that starts where its first key or its brace does. */
export function mapping(start: Place, entries: Map<string, { key: Place; node: Node }>): Node {
  const value: Record<string, unknown> = {};
  for (const [key, { node }] of entries) value[key] = node.value;
  return { line: start.line, column: start.column, value, entries };
}

/** As the full parser tells places: of what is missing, the key of its nearest parent that is there. */
export function placeOf(root: Node, path: Path, part: 'value' | 'key'): Place {
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
