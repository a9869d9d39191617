import type { Response } from 'express';
import type { Notices } from '../notify.server.ts';

/** Whose stream it is, and the way to ask whether they may still listen. */
export interface Listener {
  /** Streams of one sign-in are asked for together. */
  session: string;
  person: string;
  /** Rejects when nobody can tell: then the stream goes on. */
  mayStill(): Promise<boolean>;
}

/** Wall ms, and how many at once. */
export interface StreamLimits {
  gatherMs: number;
  heartbeatMs: number;
  recheckMs: number;
  most: number;
  /** One a browser, or one a tab where the browser cannot share. */
  mostPerPerson: number;
  /** A browser that has not taken this many bytes is gone or too slow; it reconnects and asks for everything. */
  mostWaitingBytes: number;
}

/** What a process allows unless told otherwise. */
export const usualLimits: StreamLimits = {
  gatherMs: 250,
  heartbeatMs: 20_000,
  recheckMs: 30_000,
  most: 2_000,
  mostPerPerson: 30,
  mostWaitingBytes: 64_000,
};

/** The event streams of all browsers of this process: topics are gathered for a quarter second, so that a burst is one message. */
export function createEventStreams(notices: Notices, limits: Partial<StreamLimits> = {}) {
  const { gatherMs, heartbeatMs, recheckMs, most, mostPerPerson, mostWaitingBytes } = { ...usualLimits, ...limits };
  const open = new Map<Response, Listener>();
  let pending = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const send = (text: string) => {
    for (const res of open.keys()) {
      if (res.writableLength > mostWaitingBytes) res.destroy();
      else res.write(text);
    }
  };
  const flush = () => {
    timer = null;
    send(`event: topics\ndata: ${JSON.stringify({ topics: [...pending] })}\n\n`);
    pending = new Set();
  };
  const unsubscribe = notices.subscribe((topic) => {
    if (open.size === 0) return;
    pending.add(topic);
    timer ??= setTimeout(flush, gatherMs);
  });
  const beat = setInterval(() => send(': beat\n\n'), heartbeatMs);
  const check = setInterval(() => void recheck(), recheckMs);
  beat.unref();
  check.unref();

  /** Ends the streams of sign-ins that no longer count: signed out, disabled, role gone. */
  async function recheck(): Promise<void> {
    const sessions = new Map([...open.values()].map((listener) => [listener.session, listener]));
    for (const [session, listener] of sessions) {
      const may = await listener.mayStill().catch(() => true);
      if (!may) for (const [res, { session: of }] of open) if (of === session) res.end();
    }
  }

  function full(person: string): boolean {
    if (closed || open.size >= most) return true;
    return [...open.values()].filter((listener) => listener.person === person).length >= mostPerPerson;
  }

  return {
    /** Keeps the response open until the browser leaves, may no longer listen, or the server stops; 503 when there are too many. */
    handle(res: Response, listener: Listener): void {
      if (res.destroyed || res.closed) return;
      if (full(listener.person)) return void res.status(503).set('Retry-After', '30').end();
      res.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
        Connection: 'keep-alive',
      });
      res.write('retry: 2000\n\n');
      open.set(res, listener);
      res.on('close', () => open.delete(res));
    },
    size: () => open.size,
    close(): void {
      closed = true;
      unsubscribe();
      clearInterval(beat);
      clearInterval(check);
      if (timer) clearTimeout(timer);
      for (const res of open.keys()) res.end();
    },
  };
}
