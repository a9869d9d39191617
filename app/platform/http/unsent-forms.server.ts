import type { Request, Response } from 'express';
import type { Actor } from '../../domain/run/run.ts';
import type { RequestContext } from '../../load-context.ts';
import type { UnsentCookie } from './unsent-cookie.server.ts';

/** The unsent form of one request's browser. What somebody else typed there ends at once. */
export function unsentForms(
  cookie: UnsentCookie,
  req: Request,
  res: Response,
  actor: Actor | null,
): RequestContext['unsent'] {
  const kept = cookie.read(req.header('cookie'));
  const waiting = kept && kept.person === actor?.email ? kept : null;
  const set = (value: string) => void res.append('Set-Cookie', value);
  if (kept && actor && !waiting) set(cookie.gone);
  return {
    at(path) {
      if (waiting?.path !== path) return null;
      const { fields, cut } = waiting;
      return { path, fields, cut };
    },
    keep(path, form) {
      if (actor) set(cookie.keep(actor.email, path, form));
    },
    forget(path) {
      if (kept && (path === undefined || kept.path === path)) set(cookie.gone);
    },
  };
}
