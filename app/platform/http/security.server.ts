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
      referrerPolicy: { policy: 'same-origin' },
      strictTransportSecurity: options.secure ? { maxAge: 63_072_000, includeSubDomains: true } : false,
      crossOriginEmbedderPolicy: false,
    }),
  ];
}

/**
 * Refuses a state-changing request that carries the session cookie and was not sent by our own pages:
 * Sec-Fetch-Site same-origin, else Origin equal to the base URL, else 403.
 */
export function refuseCrossSite(options: { baseUrl: () => string; cookie: RegExp }): RequestHandler {
  return (req, res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS') return next();
    if (!options.cookie.test(req.headers.cookie ?? '') && !req.path.startsWith('/sign-in')) return next();
    const site = req.header('sec-fetch-site');
    const same = site ? site === 'same-origin' : req.header('origin') === new URL(options.baseUrl()).origin;
    if (same) return next();
    res.status(403).type('text/plain').send('This form was sent from another site (cross_site).');
  };
}

/** 413 before a body over `limit` bytes is read, whether declared or streamed. */
export function limitBody(limit: number): RequestHandler {
  return (req, res, next) => {
    const refuse = () => {
      if (!res.headersSent)
        res.status(413).type('text/plain').set('Connection', 'close').send('The request body is too large.');
    };
    if (Number(req.header('content-length') ?? 0) > limit) return refuse();
    let seen = 0;
    const count = (chunk: Buffer) => {
      seen += chunk.length;
      if (seen > limit) {
        req.off('data', count);
        refuse();
        req.destroy();
      }
    };
    if (req.header('transfer-encoding')) req.on('data', count);
    next();
  };
}
