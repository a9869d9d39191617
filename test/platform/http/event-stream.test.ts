import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { usualLimits } from '#app/platform/http/event-stream.server.ts';
import { cookieOf, type Served, serve } from '#test/support/http/serve.ts';
import type { Person } from '#test/support/pages/people.ts';

let app: Served;
afterEach(() => app.stop());

/** Opens a stream; `text` is what came so far, `ended` turns true when it is over. */
async function listen(person: Person | null, headers: Record<string, string> = {}) {
  const res = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${app.url}/events`, { agent: false, headers: { ...cookieOf(person), ...headers } }, resolve).on(
      'error',
      reject,
    );
  });
  const stream = { res, status: res.statusCode, text: '', ended: false, leave: () => res.destroy() };
  res.setEncoding('utf8');
  res.on('data', (chunk: string) => {
    stream.text += chunk;
  });
  const end = () => {
    stream.ended = true;
  };
  res.on('end', end);
  res.on('error', end);
  return stream;
}

test('a burst of notices is one message, told to everybody, uncompressed and kept nowhere', async () => {
  app = await serve({ streams: { gatherMs: 20 } });
  const ada = await listen('responder', { 'accept-encoding': 'gzip' });
  const vera = await listen('viewer');
  for (const topic of ['incidents', 'slos', 'incidents', 'run/1']) app.tell(topic);
  for (const stream of [ada, vera]) {
    await vi.waitFor(() =>
      expect(stream.text).toContain('event: topics\ndata: {"topics":["incidents","slos","run/1"]}\n\n'),
    );
    expect(stream.text.match(/event:/g)).toHaveLength(1);
  }
  expect(ada.res.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  expect(ada.res.headers['content-encoding']).toBeUndefined();
});

test('a stranger hears nothing', async () => {
  app = await serve();
  const stream = await listen(null);
  expect(stream.status).toBe(401);
  expect(app.streams.size()).toBe(0);
});

test('a quiet stream beats, so that no proxy ends it', async () => {
  app = await serve({ streams: { heartbeatMs: 20 } });
  const stream = await listen('viewer');
  await vi.waitFor(() => expect(stream.text).toContain(': beat\n\n: beat\n\n'));
});

test('a disabled account stops hearing, and only that one', async () => {
  app = await serve({ streams: { recheckMs: 30, gatherMs: 5 } });
  const [vera, ada] = [await listen('viewer'), await listen('responder')];
  const veraToo = await listen('viewer');
  app.auth.disabled.add('viewer');
  await vi.waitFor(() => expect([vera.ended, veraToo.ended]).toEqual([true, true]));
  expect([ada.ended, app.streams.size()]).toEqual([false, 1]);
  app.tell('incidents');
  await vi.waitFor(() => expect(ada.text).toContain('incidents'));
  expect((await listen('viewer')).status).toBe(401);
});

test('while nobody can tell who may, streams go on', async () => {
  app = await serve({ streams: { recheckMs: 10, heartbeatMs: 60 } });
  const stream = await listen('viewer');
  app.auth.broken = true;
  await vi.waitFor(() => expect(stream.text).toContain('beat'));
  expect(stream.ended).toBe(false);
});

test('a disabled account stops hearing within a minute', () => {
  expect(usualLimits.recheckMs).toBeLessThanOrEqual(60_000);
});

test('there are only so many, for one person and for all', async () => {
  app = await serve({ streams: { most: 4, mostPerPerson: 2 } });
  const statuses = async (person: Person, times: number) => {
    const made = [];
    for (let n = 0; n < times; n++) made.push((await listen(person)).status);
    return made;
  };
  expect(await statuses('viewer', 3)).toEqual([200, 200, 503]);
  expect(await statuses('responder', 2)).toEqual([200, 200]);
  const refused = await listen('admin');
  expect([refused.status, refused.res.headers['retry-after']]).toEqual([503, '30']);
  expect(app.streams.size()).toBe(4);
});

test('who leaves makes room', async () => {
  app = await serve({ streams: { mostPerPerson: 1 } });
  const first = await listen('viewer');
  first.leave();
  await vi.waitFor(() => expect(app.streams.size()).toBe(0));
  expect((await listen('viewer')).status).toBe(200);
});

test('a browser that takes nothing is let go, before it fills the memory', async () => {
  app = await serve({ streams: { gatherMs: 1, mostWaitingBytes: 1_000 } });
  const socket = connect(app.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write(`GET /events HTTP/1.1\r\nHost: x\r\nCookie: ${cookieOf('viewer').cookie}\r\n\r\n`);
  socket.pause();
  await vi.waitFor(() => expect(app.streams.size()).toBe(1));
  const topic = `run/${'x'.repeat(200_000)}`;
  await vi.waitFor(
    () => {
      app.tell(topic);
      expect(app.streams.size()).toBe(0);
    },
    { timeout: 4_000, interval: 5 },
  );
  socket.destroy();
});

test('closing ends them all and takes no new one', async () => {
  app = await serve();
  const stream = await listen('viewer');
  app.streams.close();
  await vi.waitFor(() => expect(stream.ended).toBe(true));
  expect((await listen('viewer')).status).toBe(503);
});
