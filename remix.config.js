/**
 * Options of the Remix Vite plug-in, kept apart from `vite.config.ts` so that
 * tools that must not load the plug-in (vitest) never do.
 * @type {Parameters<typeof import('@remix-run/dev').vitePlugin>[0]}
 */
export const remixConfig = {
  appDirectory: 'app',
  ignoredRouteFiles: ['**/.*', '**/*.test.ts', '**/*.test.tsx'],
  serverModuleFormat: 'esm',
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_lazyRouteDiscovery: true,
    v3_singleFetch: true,
  },
};
