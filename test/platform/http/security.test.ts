import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cookieOf, type Served, serve } from '#test/support/http/serve.ts';

let app: Served;
beforeAll(async () => {
  app = await serve();
});
afterAll(() => app.stop());

/** A request word for word: `fetch` sets headers and cleans paths of its own accord. */
function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer[],
): Promise<{ status: number; text: string; headers: NodeJS.Dict<string | string[]> }> {
  return new Promise((resolve, reject) => {
    const req = request({ host: '127.0.0.1', port: app.port, method, path, headers }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        text += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text, headers: res.headers }));
      res.on('error', reject);
    });
    req.on('error', reject);
    if (Array.isArray(body)) for (const chunk of body) req.write(chunk);
    req.end(typeof body === 'string' ? body : undefined);
  });
}

describe('headers', () => {
  const policyOf = (answer: Response) =>
    Object.fromEntries(
      (answer.headers.get('content-security-policy') ?? '').split(';').map((part) => {
        const [name = '', ...values] = part.trim().split(' ');
        return [name, values.join(' ')];
      }),
    );

  test('the content security policy is exactly this, with a nonce of its own per answer', async () => {
    const answers = await Promise.all([app.get('/sign-in'), app.get('/sign-in')]);
    const nonces = answers.map((answer) => /'nonce-([^']{24})'/.exec(policyOf(answer)['script-src'] ?? '')?.[1] ?? '');
    expect(new Set(nonces).size).toBe(2);
    const [nonce] = nonces;
    expect(policyOf(answers[0]!)).toEqual({
      'default-src': "'self'",
      'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic'`,
      'style-src': `'self' 'nonce-${nonce}'`,
      'style-src-attr': "'unsafe-inline'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'font-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'frame-ancestors': "'none'",
      'form-action': "'self'",
    });
  });

  test.each(['/sign-in', '/live', '/incidents/inc-1', '/assets/app-1a2b3c.css', '/nowhere'])(
    '%s carries them',
    async (path) => {
      const { headers } = await app.get(path);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    },
  );

  test('over https browsers are told to stay there; plain http on this machine says nothing of it', async () => {
    expect((await app.get('/live')).headers.get('strict-transport-security')).toBeNull();
    const secure = await serve({ baseUrl: 'https://firebreak.example' });
    const { headers } = await secure.get('/live');
    await secure.stop();
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
  });

  test('a sane request id comes back, anything else gets a new one', async () => {
    const idOf = async (given: string) =>
      (await app.get('/live', { 'x-request-id': given })).headers.get('x-request-id') ?? '';
    expect(await idOf('trace-1234.5:6_7')).toBe('trace-1234.5:6_7');
    for (const odd of ['short', 'has space in it', '<script>alert(1)</script>', 'x'.repeat(200)]) {
      expect(await idOf(odd)).toMatch(/^[0-9a-f]{16}$/);
    }
  });
});

describe('a form', () => {
  const own = () => ({ origin: app.url });
  const table: [string, Record<string, string>, boolean][] = [
    ['from our own page', { 'sec-fetch-site': 'same-origin' }, true],
    ['from our own page by an older browser', { origin: 'ours' }, true],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, false],
    ['from a sister site', { 'sec-fetch-site': 'same-site' }, false],
    ['typed by nobody', { 'sec-fetch-site': 'none' }, false],
    ['that says the browser is wrong', { 'sec-fetch-site': 'cross-site', origin: 'ours' }, false],
    ['from another origin', { origin: 'https://evil.example' }, false],
    ['from another port of this machine', { origin: 'http://127.0.0.1:1' }, false],
    ['from a hidden origin', { origin: 'null' }, false],
    ['from an origin that is no address', { origin: 'evil' }, false],
    ['from nobody knows where', {}, false],
    ['with only a referrer', { referer: 'ours' }, false],
  ];
  const filled = (headers: Record<string, string>) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value === 'ours' ? own().origin : value]));
  const content = { 'content-type': 'application/x-www-form-urlencoded' };

  test.each(table)('%s', async (_, headers, taken) => {
    for (const cookie of [cookieOf('admin'), {}]) {
      for (const path of ['/theme', '/sign-in', '/sign-in.data']) {
        const answer = await raw('POST', path, { ...content, ...cookie, ...filled(headers) }, 'theme=dark');
        expect([path, answer.status === 403]).toEqual([path, !taken]);
        if (!taken) expect(answer.text).toContain('cross_site');
      }
    }
  });

  test.each(['/webhooks/../sign-in', '/api/../theme', '/api/%2e%2e/theme', '/webhooks\\..\\sign-in', '//theme', '/%'])(
    'takes no detour past the check: %s',
    async (path) => {
      const answer = await raw('POST', path, { ...content, ...cookieOf('admin'), 'sec-fetch-site': 'cross-site' });
      expect([400, 403]).toContain(answer.status);
    },
  );

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s is no method of any route',
    async (method) => {
      const answer = await raw(method, '/incidents/inc-1', { ...cookieOf('admin'), 'sec-fetch-site': 'same-origin' });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD, POST']);
    },
  );
});

describe('a body', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
  const chunked = { ...form, ...cookieOf('viewer'), 'transfer-encoding': 'chunked' };
  const piece = Buffer.alloc(100_000, 'a');

  test('that says it is too long is not read', async () => {
    const answer = await raw('POST', '/theme', { ...form, 'content-length': '1000001' }, 'x').catch(() => null);
    expect(answer?.status ?? 413).toBe(413);
    expect(app.log()).toContain('"status":413');
  });

  test('that turns out too long is cut off', async () => {
    const before = app.lines().length;
    await raw(
      'POST',
      '/theme',
      chunked,
      Array.from({ length: 40 }, () => piece),
    ).catch(() => null);
    await expect
      .poll(() =>
        app
          .lines()
          .slice(before)
          .find((line) => line.message === 'request'),
      )
      .toMatchObject({ status: 413 });
  });

  test('in pieces arrives whole', async () => {
    const pieces = [Buffer.from('theme=li'), Buffer.from('ght&x='), piece, piece];
    const answer = await raw('POST', '/theme', chunked, pieces);
    expect(answer.status).toBe(303);
    expect(answer.headers['set-cookie']).toEqual([expect.stringContaining('theme=light')]);
  });
});

describe('the access log', () => {
  test('has one line a request, with its id, and never a query string, a cookie or a form', async () => {
    const before = app.lines().length;
    const headers = {
      ...cookieOf('responder'),
      'x-request-id': 'request-in-the-log',
      referer: `${app.url}/x?also=hidden`,
    };
    await app.get('/incidents/inc-1?token=hunter2&q=secret-search', headers);
    await app.post('/sign-in?next=%2Fhidden', { email: 'ada@studio.example', password: 'typed-password' });
    await app.get('/incidents/inc-1.data?_routes=root&q=secret-search', headers);
    await expect
      .poll(
        () =>
          app
            .lines()
            .slice(before)
            .filter(({ message }) => message === 'request').length,
      )
      .toBe(3);
    const lines = app.lines().slice(before);
    expect(lines.find(({ path }) => path === '/incidents/inc-1')).toMatchObject({
      severity: 'INFO',
      requestId: 'request-in-the-log',
      method: 'GET',
      path: '/incidents/inc-1',
      status: 200,
      ms: expect.any(Number),
    });
    const written = JSON.stringify(lines);
    for (const hidden of ['hunter2', 'secret-search', 'firebreak-session', 'typed-password', 'hidden', '?']) {
      expect(written).not.toContain(hidden);
    }
  });

  test('takes known secrets out of paths too', async () => {
    const redacting = await serve({ secrets: ['hunter2-token'] });
    await redacting.get('/runbooks/hunter2-token', cookieOf('viewer'));
    await expect.poll(() => redacting.log()).toContain('/runbooks/[redacted]');
    expect(redacting.log()).not.toContain('hunter2');
    await redacting.stop();
  });
});

describe('caches and compression', () => {
  test.each(['/', '/incidents/inc-1', '/search.data?q=a', '/sign-in', '/nowhere'])(
    '%s is kept nowhere',
    async (path) => {
      const answer = await app.get(path, cookieOf('responder'));
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('etag')).toBeNull();
    },
  );

  test('assets with a hash in their name are kept for good, and both are compressed', async () => {
    const asset = await app.get('/assets/app-1a2b3c.css');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBeTruthy();
    expect((await app.get('/incidents/inc-1', cookieOf('viewer'))).headers.get('content-encoding')).toBeTruthy();
    expect((await app.get('/favicon.svg')).headers.get('cache-control')).toBe('public, max-age=3600');
  });

  test('an asset that is not there is 404 and no fault of ours', async () => {
    const before = app.lines().length;
    const answer = await app.get('/assets/old-9z9z9z.js');
    expect([answer.status, await answer.text()]).toEqual([404, 'Not found.']);
    await expect.poll(() => app.lines().length).toBeGreaterThan(before);
    expect(
      app
        .lines()
        .slice(before)
        .map(({ severity }) => severity),
    ).toEqual(['INFO']);
  });
});

describe('failures', () => {
  test('without a database every page says so, and its inside stays inside', async () => {
    app.auth.broken = true;
    const answer = await app.get('/incidents/inc-1', cookieOf('ada' as 'viewer'));
    const events = await app.get('/events', cookieOf('viewer'));
    app.auth.broken = false;
    expect([answer.status, events.status]).toEqual([503, 503]);
    expect(await answer.text()).toBe('Firebreak cannot reach its database. Try again in a moment.');
  });

  test('a host that is no host is a bad request', async () => {
    expect((await raw('GET', '/sign-in', { host: 'a b[' })).status).toBe(400);
  });
});

describe('/metrics', () => {
  test('answers a scraper on this machine', async () => {
    const answer = await app.get('/metrics');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('firebreak_http_request_seconds');
  });

  test('asks everybody that a proxy brings for a key', async () => {
    const through = { 'x-forwarded-for': '203.0.113.7' };
    expect((await app.get('/metrics', through)).status).toBe(401);
    expect((await app.get('/metrics', { ...through, ...cookieOf('admin') })).status).toBe(401);
    const guess = { ...through, authorization: `Bearer fb_${'a'.repeat(43)}` };
    expect((await app.get('/metrics', guess)).status).toBe(403);
  });
});
