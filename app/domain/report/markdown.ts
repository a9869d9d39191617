/**
 * Text as one line of Markdown that shows it letter by letter: nothing in it becomes a heading, a link, an image, HTML, a table
 * cell, a mention of a person or a reference. Line breaks become spaces; control and direction marks become �.
 */
export function md(text: string): string {
  return plain(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|~&$]/g, '\\$&')
    .replace(/^([#+=-]+)/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/(^|[^\w])([@#])(?=\w)/g, `$1$2${joiner}`);
}

/** Zero-width: Git hosts read mentions and numbers of issues after Markdown is rendered, where a backslash is gone. */
const joiner = '\u2060';

/** Text as code within a line. */
export function mdCode(text: string): string {
  const line = plain(text).replace(/\s+/g, ' ').trim();
  if (line === '') return '';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line.replaceAll('|', '\\|')}${pad}${fence}`;
}

/** Lines as a block of code; nothing in them ends it. */
export function mdBlock(lines: readonly string[], language = ''): string {
  const text = lines.map((line) => plain(line)).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A link with these words; the words alone where the address is none of the web. */
export function mdLink(text: string, href: string): string {
  if (!/^https?:\/\//i.test(href) || !URL.canParse(href)) return md(text);
  const safe = new URL(href).href.replace(/[()\\<>\s|]/g, (character) =>
    encodeURIComponent(character).replace('(', '%28').replace(')', '%29'),
  );
  return `[${md(text) || 'link'}](${safe})`;
}

/** A table; its cells are Markdown already, and an empty table is nothing. */
export function mdTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell || ' ').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Parts with an empty line between them; empty ones are left out. */
export function mdParts(...parts: readonly (string | null | false)[]): string {
  return parts.filter(Boolean).join('\n\n');
}

function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
