import { parseRunbook } from '#app/domain/runbook/parse.ts';
import type { Runbook } from '#app/domain/runbook/runbook.ts';

/** All HTML of a page, in order. */
export function htmlOf(runbook: Runbook): string {
  return runbook.blocks.map((block) => (block.kind === 'html' ? block.html : '')).join('');
}

/** HTML of a Markdown text without front matter. */
export function render(text: string, known?: ReadonlySet<string>): string {
  return htmlOf(parseRunbook(text, 'runbooks/page.md', { known }));
}

/** Text of an attribute or element as a browser reads it. */
export function unescapeHtml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

/** What each copy button of a page copies. */
export function copies(html: string): string[] {
  return [...html.matchAll(/data-copy="([^"]*)"/g)].map(([, value]) => unescapeHtml(value!));
}
