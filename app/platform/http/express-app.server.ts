import { createRequestHandler } from '@remix-run/express';
import { type AppLoadContext, redirect, type ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type Express, type Request, type Response } from 'express';
import { may, type Permission } from '../../domain/audit/permission.ts';
import { AppError, refusal } from '../../errors.ts';
import type { Deployment } from '../../load-context.ts';
import { paths } from '../../paths.ts';
import type { Stores } from '../../stores/stores.ts';
import type { Auth } from '../auth.server.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Doors } from './doors.ts';
import type { createEventStreams } from './event-stream.server.ts';
import type { Probes } from './probes.server.ts';
import { limitBody, nonceOf, refuseCrossSite, securityHeaders } from './security.server.ts';

const bodyLimit = 1_000_000;
const sessionCookie = /(?:^|;\s*)(?:__Host-firebreak|firebreak-session)=/;

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
  app.set('trust proxy', parts.trustedProxies.length > 0 ? parts.trustedProxies : false);

  app.get('/live', probes.live);
  app.get('/ready', probes.ready);
  app.get('/metrics', async (_req, res) => {
    metrics.streams.set(parts.streams.size());
    res.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });

  app.use(securityHeaders({ secure: deployment.baseUrl.startsWith('https:') }));
  app.use(accessLog(log, metrics));
  app.use(compression({ filter: (req, res) => !isEventStream(res) && compression.filter(req, res) }));
  app.use('/assets', express.static(`${parts.assets}/assets`, { immutable: true, maxAge: '1y', fallthrough: false }));
  app.use(express.static(parts.assets, { maxAge: '1h', index: false }));
  app.use(limitBody(bodyLimit));
  app.use(refuseCrossSite({ baseUrl: () => deployment.baseUrl, cookie: sessionCookie }));

  app.get('/events', async (req, res) => {
    const signedIn = await parts.auth.who(headersOf(req));
    if (!signedIn || !may(signedIn.actor.role, 'read')) return void res.status(401).end();
    parts.streams.handle(req, res);
  });

  const remix = createRequestHandler({
    build: parts.build,
    getLoadContext: (req, res) => loadContext(parts, req, res),
  });
  app.all('*', (req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    return remix(req, res, next);
  });
  app.use((error: Error, _req: Request, res: Response, next: (error?: unknown) => void) => {
    log.error({ err: error, requestId: res.locals.requestId }, 'request failed outside a route');
    if (res.headersSent) return next(error);
    const status = (error as { status?: number }).status ?? 500;
    res
      .status(status)
      .type('text/plain')
      .send(status === 404 ? 'Not found.' : `Something went wrong (${res.locals.requestId}).`);
  });
  return app;
}

async function loadContext(parts: HttpParts, req: Request, res: Response): Promise<AppLoadContext> {
  const headers = headersOf(req);
  const signedIn = await parts.auth.who(headers);
  const actor = signedIn?.actor ?? null;
  const closed = new AbortController();
  res.on('close', () => closed.abort());
  return {
    stores: parts.stores,
    clock: parts.clock,
    log: parts.log,
    deployment: parts.deployment,
    auth: parts.auth,
    actor,
    authenticatedAt: signedIn?.authenticatedAt ?? null,
    require(permission: Permission) {
      if (!actor) throw redirect(paths.signIn(pageOf(req)));
      if (!may(actor.role, permission)) throw refusal(new AppError('forbidden'));
      return actor;
    },
    doors: parts.doors,
    address: req.ip ?? null,
    requestId: res.locals.requestId as string,
    signal: closed.signal,
    nonce: nonceOf(res),
  };
}

/** The page behind a request: a data request for `/x.data?_routes=…` belongs to `/x`. */
function pageOf(req: Request): string {
  const url = new URL(req.originalUrl, 'http://page');
  url.searchParams.delete('_routes');
  const path = url.pathname === '/_root.data' ? '/' : url.pathname.replace(/\.data$/, '');
  return `${path}${url.search}`;
}

function headersOf(req: Request): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (typeof value === 'string') headers.set(name, value);
    else for (const part of value ?? []) headers.append(name, part);
  }
  return headers;
}

function isEventStream(res: Response): boolean {
  return String(res.getHeader('Content-Type') ?? '').startsWith('text/event-stream');
}

function accessLog(log: Log, metrics: Metrics): express.RequestHandler {
  return (req, res, next) => {
    const end = metrics.requests.startTimer({ method: req.method });
    const started = performance.now();
    res.on('close', () => {
      end({ code: String(res.statusCode) });
      const requestId = res.locals.requestId as string;
      const ms = Math.round(performance.now() - started);
      log.info({ requestId, method: req.method, path: req.path, status: res.statusCode, ms }, 'request');
    });
    next();
  };
}
