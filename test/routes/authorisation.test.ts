import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { freshFor } from '#app/acting.ts';
import { allForms, formsOf, readByHand } from '../support/http/forms.ts';
import { cookieOf, type Served, serve } from '../support/http/serve.ts';
import { type Person, people } from '../support/pages/people.ts';
import { sourceBuild } from '../support/pages/source-build.ts';

/**
 * Walks every route of the console as every role, through the real HTTP shell. A route that is added is walked too: it
 * fails here until it refuses strangers and viewers, or is named below with the reason why it need not.
 */
const open: Record<string, { loader?: string; action?: string }> = {
  root: { loader: 'the frame of the sign-in page: no counts, nobody’s name' },
  'routes/sign-in': { loader: 'the way in', action: 'the way in' },
  'routes/sign-out': { loader: 'leads to the overview', action: 'ending no session changes nothing' },
  'routes/api.v1.changes': { loader: 'always 404', action: 'asks for a key, takes no cookie' },
  'routes/api.v1.rehearsals': { loader: 'always 404', action: 'asks for a key, takes no cookie' },
  'routes/api.v1.runs': { loader: 'always 404', action: 'asks for a key, takes no cookie' },
  'routes/api.v1.runs_.$id': { loader: 'asks for a key, takes no cookie', action: 'asks for a key, takes no cookie' },
  'routes/api.v1.runs_.$id_.steps.$step': { loader: 'always 404', action: 'asks for a key, takes no cookie' },
  'routes/webhooks.pagerduty': { loader: 'always 404', action: 'asks for a signature, takes no cookie' },
};
/** Actions of people who only read: nothing in the world changes by them. */
const harmless: Record<string, string> = {
  'routes/theme': 'keeps a colour scheme in one’s own cookie',
  'routes/presence': 'says that one is looking',
  'routes/password': 'one’s own password, and the old one is asked for',
};

/** Where nobody but an admin acts. */
const adminsOnly = new Set(['routes/freezes']);

/** What identifies something that exists, by the start of the path. */
const ids: Record<string, string> = {
  '/incidents/': 'inc-1',
  '/pagerduty/': 'Q2H7',
  '/services/': 'voiceover',
  '/slos/': 'voiceover-availability',
  '/silences/': 'silence-1',
  '/flags/': 'voiceover-v2',
  '/panic/': 'panic-1',
  '/rollouts/': 'rollout-1',
  '/runs/': 'run-1',
  '/runbooks/': 'voiceover-burn',
};

const build = sourceBuild();
const routes = Object.values(build.routes).map((route) => ({ ...route!, full: pathOf(route!) }));
const withLoader = routes.filter(({ id, module }) => module.loader && !open[id]?.loader);
const withAction = routes.filter(({ id, module }) => module.action && !open[id]?.action);
const acting = withAction.filter(({ id }) => !(id in harmless));
const roles = Object.keys(people) as Person[];

function pathOf({ path = '', index }: { path?: string; index?: boolean }): string {
  const filled = `/${path}`.replace(/\*$/, 'nowhere/at/all');
  const id = Object.entries(ids).find(([start]) => filled.startsWith(start))?.[1] ?? 'unknown';
  return filled.replace(/:\w+/g, id) + (index && path !== '' ? '?index' : '');
}

/** The same address as the browser's router asks for it. */
function dataPath(path: string, query = ''): string {
  const [pathname = '', search = ''] = path.split('?');
  const all = [search, query].filter(Boolean).join('&');
  return `${pathname === '/' ? '/_root' : pathname}.data${all ? `?${all}` : ''}`;
}

function sourceOf(id: string): string {
  const file = [`app/${id}.tsx`, `app/${id}.ts`].find((name) => existsSync(name));
  return readFileSync(file ?? '', 'utf8');
}

let app: Served;
beforeAll(async () => {
  app = await serve({ build });
});
afterAll(() => app.stop());
beforeEach(() => {
  app.told.length = 0;
});

const back = (path: string) => `/sign-in?next=${encodeURIComponent(path.replace('?index', ''))}`;
const way = (path: string) => (path === '/' ? '/sign-in' : back(path));

test('the walk knows every route: what is named open or harmless exists', () => {
  const known = routes.map(({ id }) => id);
  expect(known.length).toBeGreaterThan(15);
  for (const id of [...Object.keys(open), ...Object.keys(harmless)]) expect(known).toContain(id);
  // A page without a loader would be shown to anybody.
  const unguarded = routes.filter(({ id, module }) => module.default && !module.loader && id !== 'root');
  expect(unguarded.map(({ id }) => id)).toEqual([]);
});

test('the forms of every route that acts are walked: those of its schema, and the fields it reads by hand', () => {
  expect(Object.keys(formsOf).sort()).toEqual(acting.map(({ id }) => id).sort());
  const intents = allForms.map(({ intent }) => intent);
  for (const { id } of acting) {
    const source = sourceOf(id);
    const said = [...source.matchAll(/intent: '([\w-]+)'|name="intent" value="([\w-]+)"/g)].map(([, a, b]) => a ?? b);
    expect(intents).toEqual(expect.arrayContaining(said));
    const known = new Set((formsOf[id] ?? []).flatMap((form) => Object.keys(form)));
    expect([id, readByHand(source).filter((name) => !known.has(name))]).toEqual([id, []]);
  }
});

describe('a stranger', () => {
  test.each(withLoader)('is led from $full to the sign-in and back', async ({ full }) => {
    const answer = await app.get(full);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, way(full)]);
  });

  test.each(withLoader)(
    'gets no data of $full from a data request, for the route alone or with all others',
    async (route) => {
      for (const query of [`_routes=${encodeURIComponent(route.id)}`, '', '_routes=root']) {
        const answer = await app.get(dataPath(route.full, query));
        const text = await answer.text();
        if (query !== '_routes=root') expect(text).toContain(way(route.full));
        // Beside the way back, which repeats what was asked.
        expect(text.replaceAll(way(route.full), '')).not.toMatch(/voiceover|inc-1|Ada Byron|studio\.example/i);
      }
    },
  );

  test.each(withAction)('posts nothing to $full', async ({ full, id }) => {
    const answer = await app.post(full);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, way(full)]);
    const single = await app.post(dataPath(full, `_routes=${encodeURIComponent(id)}`));
    expect(await single.text()).toContain('/sign-in');
    expect(app.told).toEqual([]);
  });

  test('comes back to the page a form was sent from', async () => {
    const referer = `${app.url}/incidents/inc-1?tab=logs`;
    const answer = await app.post('/presence', { path: '/incidents/inc-1' }, { referer });
    expect(answer.headers.get('location')).toBe(back('/incidents/inc-1?tab=logs'));
    const foreign = await app.post('/runs/run-1', {}, { referer: 'https://evil.example/x' });
    expect(foreign.headers.get('location')).toBe(back('/runs/run-1'));
  });

  test('sees the frame of the sign-in page and nothing else', async () => {
    const html = await (await app.get('/sign-in?next=%2Fincidents%2Finc-1')).text();
    expect(html).toContain('Sign in');
    expect(html).not.toMatch(/voiceover|Ada Byron|studio\.example/i);
  });
});

describe('a viewer', () => {
  test.each(acting)('changes nothing by $full', async ({ full, id }) => {
    for (const path of [full, dataPath(full), dataPath(full, `_routes=${encodeURIComponent(id)}`)]) {
      for (const form of allForms) {
        const answer = await app.post(path, form, cookieOf('viewer'));
        // The router wraps data answers: their status stays the refusal's.
        expect([path, form, answer.status]).toEqual([path, form, 403]);
      }
    }
    expect(app.told).toEqual([]);
  });
});

describe.each(roles)('a person who is %s', (role) => {
  test.each(withLoader)('reads $full', async ({ full, id }) => {
    const answer = await app.get(full, cookieOf(role));
    const status = id === 'routes/$' ? 404 : id.startsWith('routes/pagerduty') ? 302 : 200;
    expect([full, answer.status]).toEqual([full, status]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('who signed in more than ten minutes ago', () => {
  test.each(acting)('is asked again before anything happens by $full', async ({ full, id }) => {
    for (const role of adminsOnly.has(id) ? (['admin'] as const) : (['responder', 'admin'] as const)) {
      for (const form of allForms) {
        const answer = await app.post(full, form, cookieOf(role, freshFor + 1));
        expect(answer.headers.get('location')).toMatch(/^\/sign-in\?again=1&next=%2F/);
      }
    }
    expect(app.told).toEqual([]);
  });

  test.each(withAction.filter(({ id }) => id in harmless))('still does $full', async ({ full }) => {
    const answer = await app.post(
      full,
      { path: '/incidents/inc-1', theme: 'dark' },
      cookieOf('viewer', 29 * 86_400_000),
    );
    expect(answer.headers.get('location') ?? '').not.toContain('sign-in');
    expect(answer.status).toBeLessThan(400);
  });

  test('reads every page', async () => {
    for (const { full, id } of withLoader.filter((route) => route.id !== 'routes/$')) {
      const answer = await app.get(full, cookieOf('viewer', 29 * 86_400_000));
      expect([id, answer.status < 400, answer.headers.get('location') ?? '']).toEqual([
        id,
        true,
        expect.not.stringContaining('sign-in'),
      ]);
    }
  });
});

test('a form that another site sends is refused by every route that takes cookies, whoever is signed in', async () => {
  for (const { id, full } of routes.filter(({ module }) => module.action)) {
    if (/api|webhooks/.test(id)) continue;
    for (const path of [full, dataPath(full)]) {
      const answer = await app.post(path, {}, { ...cookieOf('admin'), 'sec-fetch-site': 'cross-site' });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  }
  expect(app.told).toEqual([]);
});

test('the doors that take no cookie see none', async () => {
  const runs = ['/api/v1/runs', '/api/v1/runs/run-1', '/api/v1/runs/run-1/steps/kill-flag'];
  for (const path of ['/api/v1/changes', '/api/v1/rehearsals', ...runs, '/webhooks/pagerduty']) {
    const answer = await app.post(path, {}, { ...cookieOf('admin'), 'sec-fetch-site': 'cross-site' });
    expect([path, answer.status]).toEqual([path, path.startsWith('/api') ? 401 : 400]);
  }
});
