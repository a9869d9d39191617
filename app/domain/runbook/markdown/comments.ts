import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';

/** Drops HTML comments from view, as blocks and inside text. An unclosed one stays text, so that nothing is lost. */
export function comments(md: MarkdownIt): void {
  md.block.ruler.before('paragraph', 'comment', block, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  md.inline.ruler.before('html_inline', 'comment', inline);
}

/** Line up to which a search for `-->` already failed, so that many openings cost one search and not one each. */
const searched = new WeakMap<object, number>();

function block(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const start = state.bMarks[startLine]! + state.tShift[startLine]!;
  if (state.src.charCodeAt(start) !== 60 || !state.src.startsWith('<!--', start)) return false;
  if (state.sCount[startLine]! - state.blkIndent >= 4) return false;
  if ((searched.get(state) ?? -1) > startLine) return false;
  let line = startLine;
  let close = -1;
  for (; line < endLine; line++) {
    if (line > startLine && !state.isEmpty(line) && state.sCount[line]! < state.blkIndent) break;
    const from = line === startLine ? start + 4 : state.bMarks[line]!;
    const found = state.src.slice(from, state.eMarks[line]!).indexOf('-->');
    if (found < 0) continue;
    close = from + found + 3;
    break;
  }
  if (close < 0) {
    searched.set(state, line);
    return false;
  }
  // Text behind a one-line comment belongs to its paragraph: the inline rule drops the comment there.
  const rest = state.src.slice(close, state.eMarks[line]!).trim();
  if (rest && line === startLine) return false;
  if (silent) return true;
  state.line = line + 1;
  if (rest) {
    state.push('paragraph_open', 'p', 1).map = [line, line + 1];
    const text = state.push('inline', '', 0);
    text.content = rest;
    text.map = [line, line + 1];
    text.children = [];
    state.push('paragraph_close', 'p', -1);
  }
  return true;
}

const unclosed = new WeakSet<object>();

function inline(state: StateInline): boolean {
  if (state.src.charCodeAt(state.pos) !== 60 || !state.src.startsWith('<!--', state.pos) || unclosed.has(state))
    return false;
  const close = state.src.indexOf('-->', state.pos + 4);
  if (close < 0 || close + 3 > state.posMax) {
    if (close < 0) unclosed.add(state);
    return false;
  }
  state.pos = close + 3;
  return true;
}
