import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express from 'express';

/** The reference of the page benchmarks: a page with nothing on it, behind the same server as the console's, on loopback. */
const folder = process.env.EMPTY_REMIX_FOLDER ?? '';
const build = (await import(pathToFileURL(join(folder, 'build/server/index.js')).href)) as ServerBuild;
const app = express();
app.use(compression());
app.use('/assets', express.static(join(folder, 'build/client/assets'), { immutable: true, maxAge: '1y' }));
app.all('*', createRequestHandler({ build }));
const server = createServer(app).listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ listening: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit(0));
