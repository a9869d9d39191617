import type { RequestHandler } from 'express';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

/** One line a request, without its query string (people search there, links carry it), and its time in the metrics. */
export function accessLog(log: Log, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const end = metrics.requests.startTimer({ method: req.method });
    const started = performance.now();
    res.on('close', () => {
      end({ code: String(res.statusCode) });
      // Not `req.path`: below a mounted folder that is only the rest of it.
      const path = (req.originalUrl.split('?', 1)[0] ?? '').slice(0, 300);
      const line = {
        requestId: res.locals.requestId as string,
        method: req.method,
        path,
        status: res.statusCode,
        ms: Math.round(performance.now() - started),
        ...(res.writableFinished ? {} : { aborted: true }),
      };
      if (path.startsWith('/assets/') && res.statusCode < 400) log.debug(line, 'request');
      else log.info(line, 'request');
    });
    next();
  };
}
