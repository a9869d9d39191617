import sanitize from 'sanitize-html';

/** What rendered Markdown may hold: tags, their attributes and what each value may be. Nothing else passes. */
const anything = /^/;
const classes =
  /^(?:code|code-bar|code-lang|code-note|copy|image|scroll|step-here|tick|unresolved|align-(?:left|center|right)|language-[\w+#.-]{1,40})$/;
const address = /^(?:https?:\/\/|mailto:|#|\/(?![/\\]))/i;
const policy: Record<string, Record<string, RegExp>> = {
  ...Object.fromEntries(
    'ul blockquote hr br em strong s table thead tbody tr summary'.split(' ').map((tag) => [tag, {}]),
  ),
  ...Object.fromEntries('h1 h2 h3 h4 h5 h6'.split(' ').map((tag) => [tag, { id: /^[^\s]{1,600}$/ }])),
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
const attributePattern = / ([a-z-]+)(?:="([^"<>]*)")?/y;

/** Deepest nesting that is passed; browsers give up a little later. */
const deepest = 500;

/** True when every `<` starts a tag of the policy and all tags are balanced. */
export function provenSafe(html: string): boolean {
  const open: string[] = [];
  let end = 0;
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', end)) {
    end = html.indexOf('>', at);
    const name = end < 0 ? null : judged(html.slice(at + 1, end));
    if (name === null) return false;
    if (name === '') continue;
    if (name.charCodeAt(0) !== 47) {
      if (open.push(name) > deepest) return false;
    } else if (open.pop() !== name.slice(1)) return false;
  }
  return open.length === 0;
}

/** Judgements of short tags, which repeat: `p`, `/p`, `li class="tick"`. Forgotten when there are too many. */
const judgements = new Map<string, string | null>();

function judged(tag: string): string | null {
  if (tag.length > 60) return judge(tag);
  let name = judgements.get(tag);
  if (name === undefined) {
    name = judge(tag);
    if (judgements.size > 2_000) judgements.clear();
    judgements.set(tag, name);
  }
  return name;
}

/** What stands between `<` and `>`: its name (`/p` for an end, empty for a tag without an end), or null when the policy forbids it. */
function judge(tag: string): string | null {
  const name = namePattern.exec(tag)?.[0];
  if (name === undefined) return null;
  if (name.charCodeAt(0) === 47) return name === tag && Object.hasOwn(policy, name.slice(1)) ? name : null;
  const allowed = Object.hasOwn(policy, name) ? policy[name]! : null;
  if (!allowed || !attributesAllowed(allowed, tag, name.length)) return null;
  return empty.has(name) ? '' : name;
}

/** True when all of `tag` from `at` on is attributes of the policy, each with a value it allows. */
function attributesAllowed(allowed: Record<string, RegExp>, tag: string, at: number): boolean {
  while (at < tag.length) {
    attributePattern.lastIndex = at;
    const match = attributePattern.exec(tag);
    if (!match || !Object.hasOwn(allowed, match[1]!) || !allowed[match[1]!]!.test(match[2] ?? '')) return false;
    at = attributePattern.lastIndex;
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
