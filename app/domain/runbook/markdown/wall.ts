import sanitize from 'sanitize-html';

/** What rendered Markdown may hold: tags, their attributes and what each value may be. Nothing else passes. */
const anything = /^/;
const classes =
  /^(?:code|code-bar|code-lang|code-note|copy|image|scroll|step-here|tick|unresolved|align-(?:left|center|right)|language-[\w+#.-]{1,40})$/;
const address = /^(?:https?:\/\/|mailto:|#|\.{0,2}\/(?![/\\]))/i;
const policy: Record<string, Record<string, RegExp>> = {
  ...Object.fromEntries(
    'ul blockquote hr br em strong s table thead tbody tr summary'.split(' ').map((tag) => [tag, {}]),
  ),
  ...Object.fromEntries('h1 h2 h3 h4 h5 h6'.split(' ').map((tag) => [tag, { id: /^[^\s]+$/ }])),
  p: { class: classes },
  details: { open: /^$/ },
  ol: { start: /^\d{1,9}$/ },
  li: { class: classes },
  input: { type: /^checkbox$/, checked: /^$/, 'data-tick': /^\d{1,9}$/, 'aria-label': /^Done$/ },
  a: { href: address, rel: /^noopener noreferrer nofollow$/, title: anything, class: classes },
  span: { class: classes, title: anything },
  div: { class: classes },
  th: { class: classes },
  td: { class: classes },
  pre: { tabindex: /^0$/ },
  code: { class: classes },
  button: { type: /^button$/, class: classes, 'data-copy': anything },
};
const empty = new Set(['br', 'hr', 'input']);

/**
 * The second wall, behind markdown-it's escaping. HTML that is provably nothing but the policy (every tag and attribute
 * on the list, written in the one way that no parser reads differently, all of it balanced) passes as it is; anything
 * else is rewritten by sanitize-html under the same policy. The proof is some twenty times faster than the rewriting.
 */
export function wall(html: string): string {
  return provenSafe(html) ? html : rewritten(html);
}

const namePattern = /^\/?[a-z][a-z0-9]*/;
const attributePattern = / ([a-z-]+)(="|(?= |$))/y;

/** Deepest nesting that is passed; browsers give up a little later. */
const deepest = 500;

/** A tag that the policy allows: it opens `name`, closes it, or neither (`<br>`). */
interface Tag {
  name: string;
  kind: 'open' | 'close' | 'empty';
}

/** True when every `<` starts a tag of the policy and all tags are balanced. */
export function provenSafe(html: string): boolean {
  const open: string[] = [];
  let end = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', end)) {
    end = html.indexOf('>', at);
    const tag = end < 0 ? null : tagAt(html, at + 1, end);
    if (tag === null) return false;
    if (tag.kind === 'open') {
      if (open.push(tag.name) > deepest) return false;
    } else if (tag.kind === 'close' && open.pop() !== tag.name) return false;
  }
  return open.length === 0;
}

/** A judgement that serves again: for the same tag, or for one that differs in the `value` of its last attribute. */
interface Judgement {
  /** The whole tag, or all of it up to the last value. */
  start: string;
  tag: Tag;
  value: RegExp | null;
}

/** The last judgement of each shape. Most tags repeat, so most are compared and not judged. */
const judged: (Judgement | undefined)[] = new Array(256).fill(undefined);

/** The tag in `html` from `start` to `end`, null when the policy forbids it. */
function tagAt(html: string, start: number, end: number): Tag | null {
  const valued = html.charCodeAt(end - 1) === 34;
  // The quote before the last value; a tag that ends with a quote has one, or is not allowed anyway.
  const from = valued ? html.lastIndexOf('"', end - 2) + 1 : end;
  if (from <= start) return null;
  const length = from - start;
  const shape = (html.charCodeAt(start) * 31 + html.charCodeAt(start + 1) * 7 + length) & 255;
  const last = judged[shape];
  if (last?.start.length === length && html.startsWith(last.start, start)) {
    if (last.value === null) return last.tag;
    const value = html.slice(from, end - 1);
    return !value.includes('<') && last.value.test(value) ? last.tag : null;
  }
  const text = html.slice(start, end);
  const tag = judge(text);
  if (tag !== null) {
    const attribute = valued ? / ([a-z-]+)="$/.exec(html.slice(start, from))![1]! : null;
    judged[shape] = {
      start: html.slice(start, from),
      tag,
      value: attribute === null ? null : policy[tag.name]![attribute]!,
    };
  }
  return tag;
}

function judge(text: string): Tag | null {
  const name = namePattern.exec(text)?.[0];
  if (name === undefined) return null;
  if (name.charCodeAt(0) === 47) {
    const allowed = name === text && Object.hasOwn(policy, name.slice(1)) && !empty.has(name.slice(1));
    return allowed ? { name: name.slice(1), kind: 'close' } : null;
  }
  const allowed = Object.hasOwn(policy, name) ? policy[name]! : null;
  if (!allowed || !attributesAllowed(allowed, text, name.length)) return null;
  return { name, kind: empty.has(name) ? 'empty' : 'open' };
}

/** True when all of `text` from `at` on is attributes of the policy, each with a value it allows. */
function attributesAllowed(allowed: Record<string, RegExp>, text: string, at: number): boolean {
  // A tag is cut at the first ">"; without a "<" either, a value ends at its quote and nowhere else.
  if (text.includes('<')) return false;
  while (at < text.length) {
    attributePattern.lastIndex = at;
    const match = attributePattern.exec(text);
    if (!match || !Object.hasOwn(allowed, match[1]!)) return false;
    at = attributePattern.lastIndex;
    const close = match[2] === '="' ? text.indexOf('"', at) : at;
    if (close < 0 || !allowed[match[1]!]!.test(text.slice(at, close))) return false;
    at = match[2] === '="' ? close + 1 : close;
  }
  return true;
}

/** The same policy by sanitize-html; it also drops the content of scripts and styles. */
function rewritten(html: string): string {
  const check = (tagName: string, attribs: Record<string, string>) => ({
    tagName,
    attribs: Object.fromEntries(
      Object.entries(attribs).filter(([name, value]) => policy[tagName]?.[name]?.test(value) ?? false),
    ),
  });
  return sanitize(html, {
    allowedTags: Object.keys(policy),
    allowedAttributes: Object.fromEntries(Object.entries(policy).map(([tag, allowed]) => [tag, Object.keys(allowed)])),
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    nestingLimit: 100,
    transformTags: { '*': check },
  });
}
