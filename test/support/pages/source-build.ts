import type { EntryContext, ServerBuild } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { NonceContext } from '#app/components/nonce.tsx';
import { remixConfig } from '../../../remix.config.js';

type Module = ServerBuild['routes'][string]['module'];

const modules = import.meta.glob<Module>(['../../../app/routes/*.ts', '../../../app/routes/*.tsx'], { eager: true });
const roots = import.meta.glob<Module>('../../../app/root.tsx', { eager: true });

/** The console's routes as Remix serves them, straight from the sources: every file in app/routes is in it. */
export function sourceBuild(handleError: (error: unknown) => void = rethrow): ServerBuild {
  const routes: ServerBuild['routes'] = { root: { id: 'root', path: '', module: Object.values(roots)[0]! } };
  for (const [file, module] of Object.entries(modules)) {
    const id = `routes/${file.replace(/^.*\/routes\//, '').replace(/\.tsx?$/, '')}`;
    const name = id.slice('routes/'.length);
    const index = name.endsWith('_index');
    const path = name
      .replace(/\.?_index$/, '')
      .replace(/_(?=\.)/g, '')
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
        handleError,
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

function rethrow(error: unknown): never {
  throw error;
}
