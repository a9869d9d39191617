import MarkdownIt, { type MarkdownIt as Instance, type StateInline, type Token } from 'markdown-it';

/**
 * Lets a parser make its tokens and inline states with fields known beforehand. markdown-it 15 defines each field by name
 * at run time, and a page has ten thousands of them: that is a sixth of the time of parsing it.
 */
export function leanStates(md: Instance): void {
  md.block.State = LeanBlock;
  md.inline.State = LeanInline as unknown as typeof StateInline;
}

/** The fields of a Token; its methods come from Token itself. */
class LeanToken {
  type: string;
  tag: string;
  nesting: number;
  attrs = null;
  map = null;
  level = 0;
  children = null;
  content = '';
  markup = '';
  info = '';
  meta = null;
  block = false;
  hidden = false;

  constructor(type: string, tag: string, nesting: number) {
    this.type = type;
    this.tag = tag;
    this.nesting = nesting;
  }
}
Object.setPrototypeOf(LeanToken.prototype, MarkdownIt.Token.prototype);
const newToken = (type: string, tag: string, nesting: number) => new LeanToken(type, tag, nesting) as unknown as Token;

class LeanBlock extends MarkdownIt.StateBlock {
  override push(type: string, tag: string, nesting: Token['nesting']): Token {
    const token = newToken(type, tag, nesting);
    token.block = true;
    token.level = nesting === -1 ? this.level - 1 : this.level;
    this.level += nesting;
    this.tokens.push(token);
    return token;
  }
}

/** The fields of a StateInline; what is not here comes from StateInline itself. */
class LeanInline {
  src: string;
  env: unknown;
  md: Instance;
  tokens: Token[];
  tokens_meta: ({ delimiters: unknown[] } | undefined)[];
  pos = 0;
  posMax: number;
  level = 0;
  pending = '';
  pendingLevel = 0;
  cache = {};
  backticks = {};
  backticksScanned = false;
  skipHtmlSpecial = false;
  linkLevel = 0;
  delimiters: unknown[] = [];
  _prev_delimiters: unknown[][] = [];
  Token = MarkdownIt.Token;

  constructor(src: string, md: Instance, env: unknown, tokens: Token[]) {
    this.src = src;
    this.env = env;
    this.md = md;
    this.tokens = tokens;
    this.tokens_meta = new Array(tokens.length);
    this.posMax = src.length;
  }

  pushPending(): Token {
    const token = newToken('text', '', 0);
    token.content = this.pending;
    token.level = this.pendingLevel;
    this.tokens.push(token);
    this.pending = '';
    return token;
  }

  /** A closing token stands on the level of its opening one, and brings back the delimiters from outside of it. */
  push(type: string, tag: string, nesting: Token['nesting']): Token {
    if (this.pending) this.pushPending();
    const token = newToken(type, tag, nesting);
    const outside = this.delimiters;
    if (nesting === -1) this.delimiters = this._prev_delimiters.pop()!;
    if (nesting === 1) {
      this._prev_delimiters.push(outside);
      this.delimiters = [];
    }
    token.level = nesting === -1 ? this.level - 1 : this.level;
    this.level += nesting;
    this.pendingLevel = this.level;
    this.tokens.push(token);
    this.tokens_meta.push(nesting === 1 ? { delimiters: this.delimiters } : undefined);
    return token;
  }
}
Object.setPrototypeOf(LeanInline.prototype, MarkdownIt.StateInline.prototype);
