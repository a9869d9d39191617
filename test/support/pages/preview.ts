import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createRequestHandler } from '@remix-run/express';
import type { AppLoadContext, ServerBuild } from '@remix-run/node';
import express from 'express';
import { fakeContext } from './context.ts';
import { type Person, people } from './people.ts';
import { worlds } from './worlds.ts';

/**
 * Serves the built pages over made-up stores, to look at every state of them: `node test/support/pages/preview.ts [build] [port]`.
 * Cookies choose: `world=acting; person=viewer`.
 */
const [folder = 'build', port = '4401'] = process.argv.slice(2);
const build = (await import(pathToFileURL(resolve(folder, 'server/index.js')).href)) as ServerBuild;
const app = express();
app.use('/assets', express.static(resolve(folder, 'client/assets')));
app.use(express.static(resolve(folder, 'client'), { index: false }));
app.get('/events', (_req, res) => {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' });
});
app.all(
  '*',
  createRequestHandler({
    build,
    getLoadContext: (req) => {
      const cookie = (name: string) => new RegExp(`(?:^|;\\s*)${name}=([\\w-]+)`).exec(req.headers.cookie ?? '')?.[1];
      const person = (cookie('person') ?? 'responder') as Person;
      const context: object = fakeContext(
        (worlds[cookie('world') ?? 'burning'] ?? worlds.burning)!(),
        person in people ? person : null,
      );
      return context as AppLoadContext;
    },
  }),
);
app.listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
