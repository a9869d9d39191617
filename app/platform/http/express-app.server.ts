import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type Express, type RequestHandler, type Response } from 'express';
import { may } from '../../domain/audit/permission.ts';
import type { Deployment } from '../../load-context.ts';
import { paths } from '../../paths.ts';
import type { Stores } from '../../stores/stores.ts';
import type { Auth } from '../auth.server.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { accessLog } from './access-log.server.ts';
import type { Doors } from './doors.ts';
import type { createEventStreams } from './event-stream.server.ts';
import { failures } from './failures.server.ts';
import { limitBody } from './limit-body.server.ts';
import { headersOf, loadContext } from './load-context.server.ts';
import { metricsDoor } from './metrics-door.server.ts';
import type { Probes } from './probes.server.ts';
import { refuseCrossSite, securityHeaders } from './security.server.ts';
import type { UnsentCookie } from './unsent-cookie.server.ts';

const bodyLimit = 1_000_000;

/** What the HTTP side is made of. */
export interface HttpParts {
  build: ServerBuild;
  /** Folder of the client build. */
  assets: string;
  deployment: Deployment;
  trustedProxies: string[];
  doors: Doors;
  stores: Stores;
  auth: Auth;
  unsent: UnsentCookie;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  streams: ReturnType<typeof createEventStreams>;
  probes: Probes;
}

/** Express in front of Remix: probes, assets, event stream, headers, cross-site check, then every route with its load context. */
export function createExpressApp(parts: HttpParts): Express {
  const { deployment, log, metrics, probes } = parts;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.set('trust proxy', parts.trustedProxies.length > 0 ? parts.trustedProxies : false);

  app.use(securityHeaders({ secure: deployment.baseUrl.startsWith('https:') }));
  app.use((_req, res, next) => {
    // While draining, a kept-alive connection would hold the stop up: each answer is its connection's last.
    if (probes.draining()) res.setHeader('Connection', 'close');
    next();
  });
  app.get('/live', probes.live);
  app.get('/ready', probes.ready);
  app.get('/metrics', metricsDoor(parts));

  app.use(accessLog(log, metrics));
  const assets = express.static(`${parts.assets}/assets`, { immutable: true, maxAge: '1y', fallthrough: false });
  app.use('/assets', compression(), assets);
  // Pages are compressed for each view: level 4 takes clearly less CPU than the usual 6, for 6 % more bytes.
  app.use(compression({ level: 4, filter: (req, res) => !isEventStream(res) && compression.filter(req, res) }));
  app.use(express.static(parts.assets, { maxAge: '1h', index: false, redirect: false }));
  // From here on nothing waits before the router reads the body: see `limitBody`.
  app.use(limitBody(bodyLimit));
  app.use(refuseCrossSite({ baseUrl: () => deployment.baseUrl }));
  app.get(paths.events(), eventStream(parts));
  const remix = createRequestHandler({
    build: parts.build,
    getLoadContext: (req, res) => loadContext(parts, req, res),
  });
  app.all('*', (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    return remix(req, res, next);
  });
  app.use(failures(log));
  return app;
}

/** The event stream of whoever may read; asked again while it is open, so that a disabled account stops hearing. */
function eventStream({ auth, streams, log }: HttpParts): RequestHandler {
  return (req, res) => {
    const headers = headersOf(req);
    const who = async () => {
      const signedIn = await auth.who(headers);
      return signedIn && may(signedIn.actor.role, 'read') ? signedIn.actor : null;
    };
    who().then(
      (actor) => {
        if (!actor) return void res.status(401).end();
        const session = headers.get('cookie') ?? '';
        streams.handle(res, { session, person: actor.email, mayStill: async () => (await who()) !== null });
      },
      (error: Error) => {
        log.warn({ err: error, requestId: res.locals.requestId }, 'an event stream could not begin');
        if (!res.headersSent) res.status(503).set('Retry-After', '5').end();
      },
    );
  };
}

function isEventStream(res: Response): boolean {
  return String(res.getHeader('Content-Type') ?? '').startsWith('text/event-stream');
}
