import MarkdownIt, { type Env, type MarkdownIt as Instance, type StateCore, type Token } from 'markdown-it';
import type { RunbookLink } from '../runbook.ts';
import { anchorMaker, anchorText, plainText } from './anchors.ts';
import { comments } from './comments.ts';
import { details } from './details.ts';
import { fenceHtml, readInfo } from './fences.ts';
import { leanStates } from './lean-states.ts';
import { allowedScheme, decoded, type LinkPlace, resolveLink } from './links.ts';

/** What one page needs while it is read, and what is found on the way. */
export interface PageEnv extends Env, LinkPlace {
  /** Lines of the file, for places of links. */
  lines: readonly string[];
  headings: { level: number; text: string; anchor: string }[];
  links: RunbookLink[];
  /** Inline tokens that may hold links, until `settleLinks`. */
  linked: Token[];
}

const rel = 'noopener noreferrer nofollow';
const md = make();

/** Reads Markdown into tokens; headings, ticks and anchors are settled, links are not. Lines in `map` are those of `env.lines`. */
export function readTokens(text: string, env: PageEnv): Token[] {
  return md.parse(text, env);
}

/** HTML of a run of top-level tokens. It has still to pass the wall. */
export function renderTokens(tokens: Token[], env: PageEnv): string {
  return md.renderer.render(tokens, md.options, env);
}

/** Escapes text for HTML content and double-quoted attributes. */
export const escapeHtml: (text: string) => string = md.utils.escapeHtml;

function make(): Instance {
  const made = new MarkdownIt({ html: false, linkify: true, typographer: false });
  // Addresses become links as on GitHub: with a scheme, after `www.`, and of mail. `voiceover.md` in a sentence is a file,
  // not a host in Moldova.
  made.linkify.set({ fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false }).add('ftp:', null).add('//', null);
  made.linkify.add('www.', {
    validate: (text, at, self) => Math.max(0, self.testSchemaAt(`//www.${text.slice(at, at + 2_000)}`, 'http:', 0) - 6),
    normalize: (match) => {
      match.url = `http://${match.url}`;
    },
  });
  // Most texts hold no address at all: seeing that costs a tenth of linkify's own look.
  const search = made.linkify.test.bind(made.linkify);
  made.linkify.test = (text) => /:\/\/|@|www\./.test(text) && search(text);
  made.validateLink = allowedScheme;
  made.use(leanStates).use(comments).use(details);
  // With html off these do nothing, and are asked on every line.
  made.disable(['html_block', 'html_inline', 'replacements', 'smartquotes']);
  // Before literal brackets are joined to the text around them: anchors know them apart from tags.
  made.core.ruler.before('text_join', 'settle', settle);
  const { rules } = made.renderer;
  rules.fence = (tokens, index) => {
    const { language, rest } = readInfo(tokens[index]!.info);
    return fenceHtml(language, tokens[index]!.content, escapeHtml, rest);
  };
  rules.code_block = (tokens, index) => fenceHtml('', tokens[index]!.content, escapeHtml);
  rules.image = (tokens, index) => imageHtml(tokens[index]!);
  rules.table_open = () => '<div class="scroll"><table>\n';
  rules.table_close = () => '</table></div>\n';
  rules.list_item_open = (tokens, index, options, _env, self) => {
    const tick: unknown = tokens[index]!.meta?.tick;
    const box = tick ? `<input type="checkbox" aria-label="Done" data-tick="${Number(tick)}">` : '';
    return self.renderToken(tokens, index, options) + box;
  };
  rules.task_box = (tokens, index) =>
    `<input type="checkbox"${tokens[index]!.meta?.done ? ' checked' : ''} aria-label="Done">`;
  rules.step_link = (tokens, index) => {
    const { id, title } = tokens[index]!.meta as { id: string; title: string };
    return `<p class="step-here"><a href="#step-${escapeHtml(id)}" rel="${rel}">${escapeHtml(title)}</a></p>\n`;
  };
  return made;
}

/** No image is fetched while reading: a remote one is a link, any other its text. */
function imageHtml(token: Token): string {
  const text = escapeHtml(plainText(token.children) || 'Image');
  const source = String(token.attrGet('src') ?? '');
  if (token.meta?.linked || !/^https?:\/\//i.test(source))
    return `<span class="image" title="${escapeHtml(`Image: ${source}`)}">${text}</span>`;
  return `<a href="${escapeHtml(source)}" rel="${rel}" class="image">${text}</a>`;
}

/** One walk over the page: anchors, ticks, table alignment. */
function settle(state: StateCore): void {
  const env = state.env as PageEnv;
  const anchor = anchorMaker();
  const lists: boolean[] = [];
  let ticks = 0;
  let row: [number, number] | null = null;
  const { tokens } = state;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    switch (token.type) {
      case 'inline':
        // Cells of a table know no line of their own.
        token.map ??= row;
        if (token.children!.length > 1 || token.children![0]?.type === 'image') env.linked.push(token);
        if (tokens[index - 2]?.type === 'list_item_open') taskBox(state, token, tokens[index - 2]!);
        break;
      case 'heading_open': {
        const { children } = tokens[index + 1]!;
        const text = plainText(children);
        const id = anchor(anchorText(children));
        if (id !== '') token.attrSet('id', id);
        env.headings.push({ level: Number(token.tag.slice(1)), text, anchor: id });
        break;
      }
      case 'ordered_list_open':
      case 'bullet_list_open':
        lists.push(token.type === 'ordered_list_open');
        break;
      case 'ordered_list_close':
      case 'bullet_list_close':
        lists.pop();
        break;
      case 'list_item_open':
        if (lists.at(-1)) {
          token.meta = { tick: ++ticks };
          token.attrSet('class', 'tick');
        }
        break;
      case 'tr_open':
        row = token.map;
        break;
      case 'th_open':
      case 'td_open': {
        const align = /^text-align:(left|center|right)$/.exec(String(token.attrGet('style') ?? ''))?.[1];
        token.attrs = align ? [['class', `align-${align}`]] : null;
        break;
      }
    }
  }
}

/** `- [ ] text` becomes a box of its own. */
function taskBox(state: StateCore, inline: Token, item: Token): void {
  const first = inline.children![0];
  const mark = first?.type === 'text' ? /^\[([ xX])\] /.exec(first.content) : null;
  if (!mark || item.meta?.tick) return;
  first!.content = first!.content.slice(mark[0].length - 1);
  const box = new state.Token('task_box', 'input', 0);
  box.meta = { done: mark[1] !== ' ' };
  inline.children!.unshift(box);
  item.attrSet('class', 'tick');
}

/** Resolves every link, once all `anchors` of the page are known. */
export function settleLinks(env: PageEnv, anchors: ReadonlySet<string>): void {
  for (const inline of env.linked) settleInline(inline, env, anchors);
  env.linked = [];
}

function settleInline(inline: Token, env: PageEnv, anchors: ReadonlySet<string>): void {
  const open: Token[] = [];
  const search = { line: inline.map?.[0] ?? 0, column: 0, end: inline.map?.[1] ?? 0 };
  for (const token of inline.children!) {
    if (token.type === 'image') token.meta = { linked: open.length > 0 };
    else if (token.type === 'link_close') {
      if (open.pop()?.tag === 'span') token.tag = 'span';
    } else if (token.type === 'link_open') {
      open.push(token);
      const href = String(token.attrGet('href') ?? '');
      const target = resolveLink(href, env, anchors);
      const place = placeOf(href, env.lines, search);
      const inside = target.kind === 'inside' ? target : { slug: namedSlug(href), anchor: null };
      env.links.push({
        href,
        ...place,
        slug: inside.slug,
        anchor: inside.anchor,
        resolved: target.kind !== 'unresolved',
      });
      if (target.kind === 'unresolved') {
        token.tag = 'span';
        token.attrs = [
          ['class', 'unresolved'],
          ['title', `${target.why}: ${href}`],
        ];
      } else {
        token.attrSet('href', target.href);
        token.attrSet('rel', rel);
      }
    }
  }
}

/** The runbook that an unresolved address meant. */
function namedSlug(href: string): string | null {
  return /(?:^|\/)([^/:#?]+)\.(?:md|markdown)(?:[#?]|$)/i.exec(href)?.[1] ?? null;
}

/** Lines looked through for one link, so that a page of nothing but links stays linear. */
const nearby = 50;

/** Place of a link's address, searched from the last one found; the start of its block when it stands elsewhere. */
function placeOf(
  href: string,
  lines: readonly string[],
  search: { line: number; column: number; end: number },
): { line: number; column: number } {
  const last = Math.min(search.end, search.line + nearby);
  for (let line = search.line; line < last; line++) {
    const from = line === search.line ? search.column : 0;
    const text = lines[line]?.slice(from, from + 4_000) ?? '';
    const written = [href, decoded(href), href.replace(/^(?:http:\/\/|mailto:)/, '')].find((each) =>
      text.includes(each),
    );
    if (written === undefined) continue;
    const found = text.indexOf(written);
    search.line = line;
    search.column = from + found + written.length;
    return { line: line + 1, column: from + found + 1 };
  }
  return { line: search.line + 1, column: 1 };
}
