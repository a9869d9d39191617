import type { ErrorRequestHandler } from 'express';
import type { Log } from '../log.ts';

const words: Record<number, string> = {
  400: 'This request cannot be read.',
  404: 'Not found.',
  503: 'Firebreak cannot reach its database. Try again in a moment.',
};

/** What failed outside every route: a missing asset, an unreadable address, a fault of ours. Never the error's own text. */
export function failures(log: Log): ErrorRequestHandler {
  return (error: Error & { status?: unknown; code?: string }, _req, res, next) => {
    const requestId = res.locals.requestId as string | undefined;
    const status = error.code === 'ERR_INVALID_URL' ? 400 : typeof error.status === 'number' ? error.status : 500;
    const ours = status >= 500;
    if (res.headersSent) {
      // The answer is already on its way, or the caller is gone: nothing more can be said.
      log.debug({ err: error, requestId }, 'request failed after its answer began');
      return next(error);
    }
    if (ours) log.error({ err: error, requestId }, 'request failed outside a route');
    res
      .status(status)
      .type('text/plain')
      .send(words[status] ?? (ours ? `Something went wrong (${requestId ?? 'no id'}).` : 'This request is refused.'));
  };
}
