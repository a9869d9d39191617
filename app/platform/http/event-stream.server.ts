import type { Request, Response } from 'express';
import type { Notices } from '../notify.server.ts';

const gatherMs = 250;
const heartbeatMs = 20_000;

/** The event streams of all browsers of this process: topics are gathered for a quarter second, so that a burst is one message. */
export function createEventStreams(notices: Notices) {
  const open = new Set<Response>();
  let pending = new Set<string>();
  let timer: NodeJS.Timeout | null = null;

  const flush = () => {
    timer = null;
    const data = `event: topics\ndata: ${JSON.stringify({ topics: [...pending] })}\n\n`;
    pending = new Set();
    for (const res of open) res.write(data);
  };
  const unsubscribe = notices.subscribe((topic) => {
    pending.add(topic);
    timer ??= setTimeout(flush, gatherMs);
  });
  const beat = setInterval(() => {
    for (const res of open) res.write(': beat\n\n');
  }, heartbeatMs);
  beat.unref();

  return {
    /** Keeps the response open until the browser leaves or the server stops. */
    handle(_req: Request, res: Response): void {
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
        Connection: 'keep-alive',
      });
      res.write('retry: 2000\n\n');
      open.add(res);
      res.on('close', () => open.delete(res));
    },
    size: () => open.size,
    close(): void {
      unsubscribe();
      clearInterval(beat);
      if (timer) clearTimeout(timer);
      for (const res of open) res.end();
    },
  };
}
