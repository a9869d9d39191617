import { type AppLoadContext, redirect } from '@remix-run/node';
import type { Request, Response } from 'express';
import { may, type Permission } from '../../domain/audit/permission.ts';
import { AppError, refusal } from '../../errors.ts';
import { paths } from '../../paths.ts';
import type { HttpParts } from './express-app.server.ts';
import { nonceOf } from './security.server.ts';
import { unsentForms } from './unsent-forms.server.ts';

/** What every loader and action of one request gets; who asks is read afresh each time. */
export async function loadContext(parts: HttpParts, req: Request, res: Response): Promise<AppLoadContext> {
  const signedIn = await parts.auth.who(headersOf(req));
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
      if (!actor) throw redirect(paths.signIn(pageBehind(req)), 303);
      if (!may(actor.role, permission)) throw refusal(new AppError('forbidden'));
      return actor;
    },
    unsent: unsentForms(parts.unsent, req, res, actor),
    doors: parts.doors,
    address: req.ip ?? null,
    requestId: res.locals.requestId as string,
    signal: closed.signal,
    nonce: nonceOf(res),
  };
}

/** The page to come back to: the one asked for, or for a form the one it was sent from. */
function pageBehind(req: Request): string {
  const asked = pageOf(new URL(req.originalUrl, 'http://page'));
  if (req.method === 'GET' || req.method === 'HEAD') return asked;
  const from = req.header('referer') ?? '';
  if (!URL.canParse(from) || new URL(from).host !== req.header('host')) return asked;
  return pageOf(new URL(from));
}

/** A data request for `/x.data?_routes=…` belongs to `/x`. */
function pageOf(url: URL): string {
  const search = new URLSearchParams(url.search);
  search.delete('_routes');
  if (search.get('index') === '') search.delete('index');
  const path = url.pathname === '/_root.data' ? '/' : url.pathname.replace(/\.data$/, '');
  return search.size > 0 ? `${path}?${search}` : path;
}

/** The headers of a Node request as the web's. */
export function headersOf(req: Request): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(req.headers)) {
    if (typeof value === 'string') headers.set(name, value);
    else for (const part of value ?? []) headers.append(name, part);
  }
  return headers;
}
