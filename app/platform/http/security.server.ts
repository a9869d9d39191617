import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** The nonce of this response, made by `securityHeaders`. */
export function nonceOf(res: Response): string {
  return res.locals.nonce as string;
}

/** Request id (taken over when it is sane), CSP with a nonce per request, and the rest of helmet's headers. */
export function securityHeaders(options: { secure: boolean }): RequestHandler[] {
  const nonce = (_req: unknown, res: unknown) => `'nonce-${nonceOf(res as Response)}'`;
  return [
    (req, res, next) => {
      res.locals.nonce = randomBytes(16).toString('base64');
      const given = req.header('x-request-id');
      res.locals.requestId = given && /^[\w.:-]{8,128}$/.test(given) ? given : randomBytes(8).toString('hex');
      res.setHeader('X-Request-ID', res.locals.requestId);
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'", nonce, "'strict-dynamic'"],
          styleSrc: ["'self'", nonce],
          styleSrcAttr: ["'unsafe-inline'"],
          imgSrc: ["'self'", 'data:'],
          connectSrc: ["'self'"],
          fontSrc: ["'self'"],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          formAction: ["'self'"],
        },
      },
      // With no-referrer, plain form posts send `Origin: null`, and the cross-site check cannot tell who sent them.
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: options.secure ? { maxAge: 63_072_000, includeSubDomains: true } : false,
      frameguard: { action: 'deny' },
      crossOriginEmbedderPolicy: false,
    }),
  ];
}

/** Routes that know their caller by a signature or an Authorization header: they take no cookie at all. */
const cookieFree = /^\/(?:api|webhooks)\//;
const reading = new Set(['GET', 'HEAD']);

/**
 * Refuses what was not sent by our own pages: every POST to a page needs Sec-Fetch-Site same-origin, else an Origin
 * equal to the base URL, else 403; with or without a session, since signing somebody in is a change too. The doors that
 * take no cookie lose theirs here. Methods that no route has are 405.
 */
export function refuseCrossSite(options: { baseUrl: () => string }): RequestHandler {
  return (req, res, next) => {
    const isReading = reading.has(req.method);
    if (!isReading && req.method !== 'POST') {
      return void res.status(405).set('Allow', 'GET, HEAD, POST').type('text/plain').send('Method not allowed.');
    }
    if (cookieFree.test(pathOf(req.originalUrl))) {
      delete req.headers.cookie;
      return next();
    }
    if (isReading) return next();
    const site = req.header('sec-fetch-site');
    const same = site ? site === 'same-origin' : req.header('origin') === new URL(options.baseUrl()).origin;
    if (same) return next();
    res.status(403).type('text/plain').send('This form was sent from another site (cross_site).');
  };
}

/** The path as the router will read it: dots and backslashes resolved, so that no detour reaches a page past the check. */
function pathOf(target: string): string {
  return URL.canParse(target, 'http://page') ? new URL(target, 'http://page').pathname : '';
}
