import { type AppLoadContext, createRequestHandler, type EntryContext, type ServerBuild } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { NonceContext } from '#app/components/nonce.tsx';
import { remixConfig } from '../../../remix.config.js';
import { fakeContext } from './context.ts';
import type { Person } from './people.ts';
import type { Told } from './stores.ts';
import type { World } from './world.ts';

type Module = ServerBuild['routes'][string]['module'];

const modules = import.meta.glob<Module>(['../../../app/routes/*.ts', '../../../app/routes/*.tsx'], { eager: true });
const roots = import.meta.glob<Module>('../../../app/root.tsx', { eager: true });

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

const handle = createRequestHandler(build(), 'production');

function build(): ServerBuild {
  const routes: ServerBuild['routes'] = { root: { id: 'root', path: '', module: Object.values(roots)[0]! } };
  for (const [file, module] of Object.entries(modules)) {
    const id = `routes/${file.replace(/^.*\/routes\//, '').replace(/\.tsx?$/, '')}`;
    const name = id.slice('routes/'.length);
    const index = name.endsWith('_index');
    const path = name
      .replace(/\.?_index$/, '')
      .replaceAll('.', '/')
      .replace(/^\$$/, '*')
      .replaceAll('$', ':');
    routes[id] = { id, parentId: 'root', path: path || undefined, index: index || undefined, module };
  }
  const manifest = Object.values(routes).map((route) => [
    route!.id,
    {
      ...route!,
      module: `/assets/${route!.id}.js`,
      hasLoader: Boolean(route!.module.loader),
      hasAction: Boolean(route!.module.action),
      hasClientLoader: false,
      hasClientAction: false,
      hasErrorBoundary: Boolean(route!.module.ErrorBoundary),
    },
  ]);
  return {
    mode: 'production',
    entry: {
      module: {
        default: (_request: Request, status: number, headers: Headers, remix: EntryContext) => {
          const page = createElement(RemixServer, { context: remix, url: _request.url });
          const html = renderToString(createElement(NonceContext.Provider, { value: 'test-nonce' }, page));
          headers.set('Content-Type', 'text/html');
          return new Response(html, { status, headers });
        },
        handleError: (error: unknown) => {
          throw error;
        },
      },
    },
    routes,
    assets: {
      entry: { imports: [], module: '/assets/entry.js' },
      routes: Object.fromEntries(manifest),
      url: '',
      version: '1',
    },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: remixConfig?.future as ServerBuild['future'],
    isSpaMode: false,
  };
}
