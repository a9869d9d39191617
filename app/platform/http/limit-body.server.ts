import type { RequestHandler, Response } from 'express';

/** 413 for a body over `limit` bytes: before it is read when its length is declared, else as soon as it has gone over. */
export function limitBody(limit: number): RequestHandler {
  return (req, res, next) => {
    if (Number(req.header('content-length') ?? 0) > limit) return refuse(res);
    if (req.header('transfer-encoding') !== undefined) {
      let seen = 0;
      // Listening starts the stream at the next tick: whoever reads the body must be there by then, so no middleware
      // between here and the router may wait.
      req.on('data', function count(chunk: Buffer) {
        seen += chunk.length;
        if (seen <= limit) return;
        req.off('data', count);
        res.once('close', () => req.destroy());
        refuse(res);
      });
    }
    next();
  };
}

function refuse(res: Response): void {
  if (res.headersSent) return;
  res.status(413).type('text/plain').set('Connection', 'close').send('The request body is too large.');
}
