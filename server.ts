import { once } from 'node:events';
import { createServer } from 'node:http';
import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import type { start } from './app/context.server.ts';

// A fifth of a start is compiling the same files again.
enableCompileCache(resolve('build/compile-cache'));

/** The process: HTTP in front of Remix, start and graceful stop. Everything of the app comes from the build's entry module. */
const build = (await import(pathToFileURL(resolve('build/server/index.js')).href)) as ServerBuild;
const entry = build.entry.module as unknown as { start: typeof start };

const app = await entry
  .start({ build, assets: resolve('build/client') })
  .catch((error: Error & { problems?: unknown }) => {
    // A wrong setting is said plainly; anything else keeps its stack.
    process.stderr.write(`${error.problems ? error.message : error.stack}\n`);
    process.exit(1);
  });

const server = createServer(app.handler);
server.keepAliveTimeout = 65_000;
server.headersTimeout = 70_000;
server.listen(app.config.PORT, app.config.HOST);
await once(server, 'listening').catch((error: Error) => {
  process.stderr.write(`Firebreak cannot listen on ${app.config.HOST}:${app.config.PORT}: ${error.message}\n`);
  process.exit(1);
});
const address = server.address();
const port = typeof address === 'object' && address ? address.port : app.config.PORT;
await app.listening({ host: app.config.HOST, port });

let stopping = false;
async function stop(signal: string): Promise<void> {
  if (stopping) process.exit(1);
  stopping = true;
  app.log.info({ signal }, 'stopping');
  await app.stop({ closeServer: () => closeServer() });
  process.exit(0);
}

/** Stops taking connections and ends idle ones; resolves when the last request is answered. */
function closeServer(): Promise<void> {
  return new Promise((done) => {
    server.close(() => done());
    server.closeIdleConnections();
  });
}

process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
process.on('uncaughtException', (error) => {
  app.log.fatal({ err: error }, 'uncaught');
  process.exit(1);
});
process.on('unhandledRejection', (error) => {
  app.log.fatal({ err: error }, 'unhandled rejection');
  process.exit(1);
});
