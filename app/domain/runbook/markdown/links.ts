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
 * Resolves a link of the runbook `slug`. A relative link to a `.md` file is the runbook of that name; `known` (null when
 * unknown) says which exist. What the console cannot serve is unresolved, never a link to a 404.
 */
export function resolveLink(href: string, known: ReadonlySet<string> | null, anchors: ReadonlySet<string>): LinkTarget {
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
  if (/^\/(?:runbooks|incidents|services|slos|flags|runs|follow-ups)(?:\/|$)/.test(path)) {
    const slug = /^\/runbooks\/([^/]+)$/.exec(path)?.[1] ?? null;
    if (slug && known && !known.has(decoded(slug))) return { kind: 'unresolved', why: 'There is no such runbook' };
    return { kind: 'inside', href, slug: slug && decoded(slug), anchor };
  }
  const file = /(?:^|\/)([^/]+)\.(?:md|markdown)$/i.exec(path)?.[1];
  if (!file) return { kind: 'unresolved', why: 'This file is in the repository, not in the console' };
  const slug = decoded(file);
  if (known && !known.has(slug)) return { kind: 'unresolved', why: 'There is no such runbook' };
  return {
    kind: 'inside',
    href: `/runbooks/${encodeURIComponent(slug)}${hash < 0 ? '' : href.slice(hash)}`,
    slug,
    anchor,
  };
}

/** The address as a person writes it; unchanged where it is no valid encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
