import { createContext, useContext, useEffect, useState } from 'react';
import { useNonce } from './nonce.tsx';

/** The text of the style sheet while the server draws a document; empty in the browser, which has it by then. */
export const StylesContext = createContext('');

/** True when the browser with this cookie has the style sheet at `href` in its cache. */
export function hasStyles(cookie: string | null, href: string): boolean {
  return /(?:^|;\s*)styles=([\w.-]+)/.exec(cookie ?? '')?.[1] === fileOf(href);
}

/**
 * The style sheet of a document. A browser that comes for the first time gets its text within the page and paints a
 * round trip earlier; the file follows behind the page, and from then on the cookie says that a link is enough. The
 * first answer counts: a later one must not take the text out of the page again.
 */
export function useDocumentStyles(href: string, cached: boolean) {
  const text = useContext(StylesContext);
  const nonce = useNonce();
  const [inline] = useState(!cached);
  useEffect(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere, and nothing waits for this.
    document.cookie = `styles=${fileOf(href)}; path=/; max-age=31536000; samesite=lax`;
  }, [href]);
  const link = <link rel="stylesheet" href={href} />;
  // Our own file's text; in the browser it is empty and stays as it came: React does not compare it.
  // biome-ignore lint/security/noDangerouslySetInnerHtml: nothing of it comes from outside the build.
  const style = <style nonce={nonce} dangerouslySetInnerHTML={{ __html: text }} suppressHydrationWarning />;
  return { head: inline ? style : link, tail: inline ? link : null };
}

function fileOf(href: string): string {
  return href.slice(href.lastIndexOf('/') + 1);
}
