import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';
import { remixConfig } from '../../../remix.config.js';

/** Built in a temporary folder by `../empty-remix.ts`, with the console's own options and versions. */
export default defineConfig({
  root: process.env.EMPTY_REMIX_FOLDER,
  plugins: [remix({ ...remixConfig, appDirectory: 'app', ignoredRouteFiles: ['**/.*'] })],
  build: { target: 'es2022', assetsInlineLimit: 0 },
});
