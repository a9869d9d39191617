/** Where a link of a runbook leads inside the console, or why it leads nowhere. */
export type LinkTarget =
  | { kind: 'outside'; href: string }
  | { kind: 'inside'; href: string; slug: string | null; anchor: string | null }
  | { kind: 'unresolved'; why: string };

/** True for the schemes that may be drawn as links: http, https, mailto, and none at all. The rest stays text. */
export function allowedScheme(href: string): boolean {
  // Browsers skip control characters and spaces inside a scheme, so they are skipped here too.
  const bare = href.slice(0, 200).replace(/[\p{Cc}\p{Zs}]/gu, '');
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(bare)?.[1]?.toLowerCase();
  return scheme === undefined || scheme === 'http' || scheme === 'https' || scheme === 'mailto';
}

/**
 * Answers which runbook stands at a path of the catalog (`runbooks/voiceover.md`), null when none does. `href` is its
 * address, without an anchor.
 */
export type FindPage = (path: string) => { slug: string; href: string } | null;

/** Finds pages that all stand in the folder of `file`, as the console keeps them. `known` are their slugs, null when unknown. */
export function pagesBeside(file: string, known: ReadonlySet<string> | null): FindPage {
  const folder = folderOf(file);
  return (path) => {
    const slug = path.slice(path.lastIndexOf('/') + 1).replace(markdownName, '');
    if (known && !(folderOf(path) === folder && known.has(slug))) return null;
    return { slug, href: `/runbooks/${encodeURIComponent(slug)}` };
  };
}

/** Where a link stands and what it may lead to. */
export interface LinkPlace {
  /** Path of the file, from which its relative links are counted. */
  file: string;
  /** Slugs that exist, null when unknown: every runbook is then taken for one that does. */
  known: ReadonlySet<string> | null;
  find: FindPage;
}

/**
 * Resolves a link of a page. A relative one to a `.md` file is the runbook at that path. What the console cannot serve is
 * unresolved, never a link to a 404. `anchors` are those of the page itself.
 */
export function resolveLink(href: string, { file, known, find }: LinkPlace, anchors: ReadonlySet<string>): LinkTarget {
  if (/^(?:https?:\/\/|mailto:)/i.test(href)) return { kind: 'outside', href };
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || /^[/\\]{2}/.test(href))
    return { kind: 'unresolved', why: 'This address is not allowed here' };
  const hash = href.indexOf('#');
  const anchor = hash < 0 ? null : decoded(href.slice(hash + 1));
  const path = (hash < 0 ? href : href.slice(0, hash)).replace(/\?.*$/s, '');
  if (path === '') {
    if (!anchor || anchors.has(anchor)) return { kind: 'inside', href: href || '#', slug: null, anchor };
    return { kind: 'unresolved', why: 'There is no such heading on this page' };
  }
  const isMarkdown = markdownName.test(path);
  if (!isMarkdown && /^\/(?:runbooks|incidents|services|slos|flags|runs|follow-ups)(?:\/|$)/.test(path)) {
    const slug = /^\/runbooks\/([^/]+)$/.exec(path)?.[1] ?? null;
    if (slug && known && !known.has(decoded(slug))) return { kind: 'unresolved', why: 'There is no such runbook' };
    return { kind: 'inside', href, slug: slug && decoded(slug), anchor };
  }
  if (!isMarkdown) return { kind: 'unresolved', why: 'This file is in the repository, not in the console' };
  const page = find(joined(file, decoded(path)));
  if (!page) return { kind: 'unresolved', why: 'There is no such runbook' };
  return { kind: 'inside', href: `${page.href}${hash < 0 ? '' : href.slice(hash)}`, slug: page.slug, anchor };
}

const markdownName = /\.(?:md|markdown)$/i;

function folderOf(path: string): string {
  const slashes = path.replaceAll('\\', '/');
  return slashes.slice(0, Math.max(slashes.lastIndexOf('/'), 0));
}

/** The path that `link` means in `file`; one that starts with a slash is counted from the top. Above the top there is nothing. */
function joined(file: string, link: string): string {
  const folder = folderOf(file);
  const parts = link.startsWith('/') || folder === '' ? [] : folder.split('/');
  for (const part of link.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** The address as a person writes it; unchanged where it is no valid encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
