import type { Node, Reader } from './simple-node.ts';

/**
 * A text over several lines (`|`, `|-`, `>`, `>-`) below a key that is indented by `indent`; `header` is all that stands
 * behind the colon. The reader goes past it. Null for anything uncertain, such as lines indented deeper than the first.
 */
export function blockText(reader: Reader, indent: number, header: string): Node | null {
  if (!/^[|>]-?$/.test(header)) return null;
  const folded = header.startsWith('>');
  const start = { line: reader.line + 1, column: reader.lines[reader.line]!.length - header.length + 1 };
  const lines: string[] = [];
  let deep = 0;
  let at = reader.line + 1;
  let last = at;
  for (; at < reader.lines.length; at++) {
    const line = reader.lines[at]!;
    const text = line.trimStart();
    if (text === '') {
      if (line.length > deep || lines.length === 0) return null;
      lines.push('');
      continue;
    }
    const depth = line.length - text.length;
    if (depth <= indent) break;
    if (deep === 0) deep = depth;
    if (depth < deep || (folded && (depth > deep || line.endsWith(' ')))) return null;
    lines.push(line.slice(deep));
    last = at + 1;
  }
  const clipped = !header.endsWith('-');
  // Without a line end behind it, a text that keeps one has none to keep.
  if (last === reader.line + 1 || (clipped && last === reader.lines.length)) return null;
  lines.length = last - reader.line - 1;
  reader.line = at;
  const text = folded ? fold(lines) : lines.join('\n');
  return { ...start, value: clipped ? `${text}\n` : text };
}

/** One line end is a space, of more the first is dropped. */
function fold(lines: readonly string[]): string {
  return lines.join('\n').replace(/\n+/g, (ends) => (ends.length === 1 ? ' ' : ends.slice(1)));
}
