import { type AppLoadContext, createRequestHandler } from '@remix-run/node';
import { fakeContext } from './context.ts';
import type { Person } from './people.ts';
import { sourceBuild } from './source-build.ts';
import type { Told } from './stores.ts';
import type { World } from './world.ts';

/** What a person got: status, where they were sent, the page's HTML and its text as one line. */
export interface Visit {
  status: number;
  location: string | null;
  headers: Headers;
  html: string;
  text: string;
  /** What the page asked the stores to do. */
  told: Told;
}

/** Opens a page, or posts a form to it, as `person` (null: a stranger) through the real loaders, actions and rendering. */
export async function visit(
  path: string,
  world: World,
  options: { as?: Person | null; form?: Record<string, string>; signedInAgo?: number } = {},
): Promise<Visit> {
  const told: Told = [];
  const context = fakeContext(world, options.as === undefined ? 'responder' : options.as, told);
  if (options.signedInAgo !== undefined) context.authenticatedAt = world.now - options.signedInAgo;
  const body = options.form && new URLSearchParams(options.form);
  const request = new Request(`http://127.0.0.1:4400${path}`, body ? { method: 'POST', body } : {});
  const loadContext: object = context;
  const response = await handle(request, loadContext as AppLoadContext);
  const html = await response.text();
  const { status, headers } = response;
  return { status, location: headers.get('location'), headers, html, text: textOf(html), told };
}

/** The words of a page as one line: tags, scripts, styles and folded space gone. */
export function textOf(html: string): string {
  return html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<!-- -->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/[\s\u00a0]+/g, ' ')
    .replace(/ ([.,;:])/g, '$1')
    .trim();
}

const handle = createRequestHandler(sourceBuild(), 'production');
