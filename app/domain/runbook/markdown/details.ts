import type { MarkdownIt, StateBlock, StateCore, Token } from 'markdown-it';

/**
 * `<details>` and `<summary>` as tokens of ours: the only tags that a runbook may write. They may be nested; one that is
 * never closed ends with what contains it, a stray closing one is shown as text.
 */
export function details(md: MarkdownIt): void {
  md.block.ruler.before('paragraph', 'details', block, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  md.core.ruler.after('block', 'balance_details', balance);
}

const opening = /^<(\/?)(details|summary)(?:\s[^<>]{0,200})?>/i;
const anyTag = /<\/?(?:details|summary)(?:\s[^<>]{0,200})?>/gi;
/** Lines that a summary may span before it is taken for text. */
const longestSummary = 10;
/** Characters in which the end of a summary is looked for. */
const longestLine = 2_000;
/** Details inside details; deeper ones are text. */
const deepest = 16;

function block(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!;
  if (state.src.charCodeAt(start) !== 60 || state.sCount[startLine]! - state.blkIndent >= 4) return false;
  let text = state.src.slice(start, state.eMarks[startLine]!);
  if (!opening.test(text)) return false;
  if (silent) return true;
  let line = startLine;
  if (/<summary(?:\s[^<>]{0,200})?>(?![\s\S]*<\/summary>)/i.test(text.slice(0, longestLine))) {
    const last = Math.min(endLine, startLine + longestSummary);
    for (let next = startLine + 1; next < last && !/<\/summary>/i.test(text); next++) {
      text += `\n${state.src.slice(state.bMarks[next]! + state.tShift[next]!, state.eMarks[next]!)}`;
      line = next;
    }
    if (!/<\/summary>/i.test(text)) {
      line = startLine;
      text = state.src.slice(start, state.eMarks[startLine]!);
    }
  }
  const map: [number, number] = [startLine, line + 1];
  state.line = line + 1;
  state.env.details = true;
  write(state, text, map);
  return true;
}

/** Pushes the tags of `text` as tokens and what stands between them as paragraphs. */
function write(state: StateBlock, text: string, map: [number, number]): void {
  let position = 0;
  while (position < text.length) {
    const rest = text.slice(position);
    const tag = opening.exec(rest);
    if (tag?.[2]?.toLowerCase() === 'summary' && !tag[1]) {
      const end = rest.slice(0, longestLine).search(/<\/summary>/i);
      if (end > 0) {
        leaf(state, 'summary', rest.slice(tag[0].length, end), map);
        position += end + '</summary>'.length;
        continue;
      }
    }
    if (tag?.[2]?.toLowerCase() === 'details') {
      const token = tag[1] ? state.push('details_close', 'details', -1) : state.push('details_open', 'details', 1);
      token.block = true;
      token.map = map;
      if (!tag[1] && /\sopen\b/i.test(tag[0])) token.attrs = [['open', '']];
      position += tag[0].length;
      continue;
    }
    anyTag.lastIndex = position + 1;
    const next = anyTag.exec(text)?.index ?? text.length;
    const content = text.slice(position, next);
    if (content.trim()) leaf(state, 'paragraph', content, map);
    position = next;
  }
}

function leaf(state: StateBlock, type: 'summary' | 'paragraph', content: string, map: [number, number]): void {
  const tag = type === 'summary' ? 'summary' : 'p';
  state.push(`${type}_open`, tag, 1).map = map;
  const token = state.push('inline', '', 0);
  token.content = content.trim();
  token.map = map;
  token.children = [];
  state.push(`${type}_close`, tag, -1);
}

/** Closes what was left open at the end of each container and turns stray parts into text. */
function balance(state: StateCore): void {
  if (!state.env.details) return;
  const out: Token[] = [];
  const open: ('details' | 'other')[] = [];
  let depth = 0;
  const enter = (token: Token) => {
    open.push('details');
    depth++;
    out.push(token);
  };
  const leave = (token: Token) => {
    open.pop();
    depth--;
    out.push(token);
  };
  for (const token of state.tokens) {
    if (token.type === 'details_open') {
      if (depth < deepest) enter(token);
      else out.push(...asText(state, '<details>', token));
    } else if (token.type === 'details_close') {
      if (open.at(-1) === 'details') leave(token);
      else out.push(...asText(state, '</details>', token));
    } else if (token.nesting === 1) {
      if (token.type === 'summary_open' && out.at(-1)?.type !== 'details_open') rename(token);
      open.push('other');
      out.push(token);
    } else if (token.nesting === -1) {
      while (open.at(-1) === 'details') leave(closing(state));
      open.pop();
      if (token.type === 'summary_close' && out.at(-2)?.type === 'paragraph_open') rename(token);
      const ends = open.at(-1) === 'details' && trailingClose(token, out);
      out.push(token);
      if (ends) leave(closing(state));
    } else out.push(token);
  }
  while (open.length > 0) leave(closing(state));
  state.tokens = out;
}

function closing(state: StateCore): Token {
  const token = new state.Token('details_close', 'details', -1);
  token.block = true;
  return token;
}

function rename(token: Token): void {
  token.type = token.type.replace('summary', 'paragraph');
  token.tag = 'p';
}

/** True when the paragraph that ends here ended with `</details>`, which is then taken off its text. */
function trailingClose(token: Token, out: Token[]): boolean {
  const text = token.type === 'paragraph_close' ? out.at(-1) : undefined;
  if (text?.type !== 'inline' || !text.content.endsWith('</details>')) return false;
  text.content = text.content.slice(0, -'</details>'.length).trimEnd();
  return true;
}

function asText(state: StateCore, content: string, from: Token): Token[] {
  const inline = new state.Token('inline', '', 0);
  inline.content = content;
  inline.map = from.map;
  inline.children = [];
  inline.block = true;
  const open = new state.Token('paragraph_open', 'p', 1);
  const end = new state.Token('paragraph_close', 'p', -1);
  open.block = true;
  end.block = true;
  return [open, inline, end];
}
