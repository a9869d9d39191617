/** The first block without its leading H1 when that says just the page's title, which stands above it already. */
export function withoutTitle(html: string, title: string): string {
  const heading = /^\s*<h1\b[^>]*>([\s\S]*?)<\/h1>/.exec(html);
  const said = heading?.[1]
    ?.replace(/<[^>]+>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&#39;|&#x27;/g, "'")
    .trim();
  return heading && said === title ? html.slice(heading[0].length) : html;
}
