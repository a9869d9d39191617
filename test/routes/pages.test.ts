import { describe, expect, test } from 'vitest';
import type { AuditChain } from '#app/domain/audit/audit.ts';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';
import { actingWorld, leftBehind, verifiedWorld } from '../support/pages/worlds.ts';

const get = (path: string, world = burningWorld()): Promise<Visit> => visit(path, world);

const auditEntry = {
  seq: 12,
  at: now,
  actor: 'ada@studio.example',
  action: 'confirm',
  target: 'flag/production/voiceover-v2',
  runId: 'run-1',
  stepId: 'kill-flag',
  reason: null,
  before: { enabled: true },
  after: { enabled: false },
  address: '127.0.0.1',
  prev: 'aa',
  hash: 'bb',
};

describe('lists', () => {
  test('incidents: open, then resolved', async () => {
    expect((await get('/incidents')).text).toContain('voiceover is burning its error budget');
    expect((await get('/incidents', verifiedWorld())).text).toContain('No incident is open');
  });

  test('services with their state and their incident', async () => {
    const { text } = await get('/services');
    expect(text).toMatch(
      /voiceover ▲ Page · fast burn ▲ incident Cloud Run media-platform studio-api, speech-provider/,
    );
    expect(text).toContain('no SLO');
  });

  test('SLOs, narrowed', async () => {
    const { text } = await get('/slos?q=latency');
    expect(text).toContain('voiceover latency');
    expect(text).not.toContain('studio api-availability');
  });

  test('runs with what verification found', async () => {
    expect((await get('/runs', verifiedWorld())).text).toContain('verified: improved ✓ done');
  });

  test('runbooks with owner, steps and freshness', async () => {
    const { text } = await get('/runbooks');
    expect(text).toContain('Voiceover is burning its error budget');
    expect(text).toContain('1 step · reviewed 2026-11-01');
  });

  test('flags with exposure, safe state, owners and last change', async () => {
    const { text } = await get('/flags');
    expect(text).toContain('production 25 % of users by userId');
    expect(text).toContain('linus@studio.example, voice');
    expect(text).toContain('rolled out 5 → 25 % 02:41, Linus');
    expect(text).not.toContain('voiceover-v2 rolled out');
    expect(text).toMatch(/voiceover-fallback .* not in Unleash on/);
  });

  test('of a flag, the environment of this console comes first', async () => {
    const world = burningWorld();
    const [flag] = world.observations['unleash flags']!.value as [{ environments: { environment: string }[] }];
    flag.environments.unshift({ ...flag.environments[0]!, environment: 'development' });
    expect((await get('/flags', world)).text).toMatch(/production 25 % of users by userId development 25 %/);
  });

  test('flags while Unleash does not answer: last known, and its age', async () => {
    const world = burningWorld();
    const read = world.observations['unleash flags']!;
    world.observations['unleash flags'] = { ...read, at: now - 180_000, error: 'no answer within 5 s', errorAt: now };
    const { text } = await get('/flags', world);
    expect(text).toContain('stale · 3 min');
    expect(text).toContain('Unleash does not answer: no answer within 5 s');
    expect(text).toContain('25 % of users by userId');
  });
});

describe('one of each', () => {
  test('a service: SLOs, revisions with traffic, on call, what it depends on', async () => {
    const { text } = await get('/services/voiceover');
    expect(text).toMatch(/voiceover-00042 created 01:36 · commit 9c1f4e2 100 %/);
    expect(text).toContain('Ada Byron primary');
    expect(text).toContain('speech provider provider, no SLO');
  });

  test('a service pinned to a revision offers the way back to LATEST', async () => {
    const world = burningWorld();
    const read = world.observations['cloud-run service/voiceover']!;
    read.value = { ...(read.value as object), pinnedSince: now - 3_600_000 };
    const { text } = await get('/services/voiceover', world);
    expect(text).toContain('Traffic is pinned by name since 02:26: the next deployment gets 0 %');
    read.value = { ...(read.value as object), pinnedAtLeast: true };
    expect((await get('/services/voiceover', world)).text).toContain('pinned by name at least since 02:26');
    const posted = await visit('/services/voiceover', world, { form: { intent: 'latest' } });
    expect(posted.told[0]).toMatchObject({
      what: 'openRun',
      with: { template: 'template:cloudrun.traffic', inputs: { service: 'voiceover', to: 'LATEST' } },
    });
  });

  test('an SLO: sentence, windows, how it is set', async () => {
    const { text } = await get('/slos/voiceover-availability?range=6h');
    expect(text).toContain('1 request in 38 fails');
    expect(text).toContain('It pages because both windows reach 14.4×');
    expect(text).toContain('Silent under 10 bad events');
  });

  test('an SLO after its incident: what failed is old then, not stale', async () => {
    const world = verifiedWorld();
    const { text } = await get('/slos/voiceover-availability', world);
    expect(text).toContain('What failed as of 03:06');
    expect(text).not.toContain('stale');
    world.incidents[0]!.status = 'open';
    expect((await get('/slos/voiceover-availability', world)).text).toContain('What fails ! stale · 20 min');
  });

  test('a runbook: text, live panel, step as declared, and the way to open a run', async () => {
    const { text, html } = await get('/runbooks/voiceover-burn');
    expect(text).toContain('Requests to voiceover fail faster than its budget allows.');
    expect(text).toContain('Bring the suspect flag to its safe state in production makes a flag safe');
    expect(html).toMatch(/aria-label="Burn rate of voiceover availability/);
    expect(html).toContain('name="input.flag"');
  });

  test('opening a run sends the runbook and its inputs', async () => {
    const { status, told } = await visit('/runbooks/voiceover-burn', burningWorld(), {
      form: { 'input.flag': 'voiceover-v2', 'input.other': 'x', incident: 'inc-1' },
    });
    expect(status).toBe(303);
    expect(told[0]).toMatchObject({
      with: { template: 'voiceover-burn', inputs: { flag: 'voiceover-v2' }, incidentId: 'inc-1', service: 'voiceover' },
    });
  });

  test.each(['/services/none', '/slos/none', '/runbooks/none', '/runs/none', '/nowhere'])(
    '%s is not found',
    async (path) => {
      const { status, text } = await get(path);
      expect(status).toBe(404);
      expect(text).toContain('Not found');
    },
  );
});

describe('follow-ups', () => {
  test('stand with owner, due date and way back', async () => {
    const { text } = await get('/follow-ups', actingWorld());
    expect(text).toContain('voiceover-v2 is off in production for 2 min · owner Linus Pauling');
    expect(text).toContain('Back to 25 % of users… Clear');
  });

  test('are cleared by a responder', async () => {
    const { status, told } = await visit('/follow-ups', actingWorld(), { form: { intent: 'clear', id: 'fu-1' } });
    expect([status, told]).toEqual([303, [{ what: 'clear', with: { id: 'fu-1', by: 'ada@studio.example' } }]]);
  });

  test('lead back by a run', async () => {
    const { told } = await visit('/follow-ups', actingWorld(), { as: 'product', form: { intent: 'back', id: 'fu-1' } });
    expect(told[0]).toMatchObject({ what: 'openRun', with: { template: leftBehind().wayBack!.template } });
  });

  test('are not cleared by product people', async () => {
    const { status } = await visit('/follow-ups', actingWorld(), {
      as: 'product',
      form: { intent: 'clear', id: 'fu-1' },
    });
    expect(status).toBe(403);
  });
});

describe('audit', () => {
  const chain = (value: AuditChain) => ({
    'firebreak audit': { value, at: now - 4 * 60_000, error: null, errorAt: null },
  });

  test('shows who did what, and that the chain held when it was last verified', async () => {
    const observations = chain({ ok: true, brokenAt: null, entries: 1 });
    const { text } = await get('/audit', { ...burningWorld(), audit: [auditEntry], observations });
    expect(text).toContain('chain holds: 1 entry verified 4 min ago');
    expect(text).toContain('ada@studio.example');
    expect(text).toContain('flag/production/voiceover-v2');
  });

  test('says where the chain broke', async () => {
    const observations = chain({ ok: false, brokenAt: 7, entries: 6 });
    const { text } = await get('/audit', { ...burningWorld(), observations });
    expect(text).toContain('chain broken at entry 7, seen 4 min ago');
  });

  test('does not call a chain whole that nobody has verified', async () => {
    expect((await get('/audit', { ...burningWorld(), observations: {} })).text).toContain('chain not verified yet');
  });
});

describe('the frame', () => {
  test('says how old the data is, on a phone too, and in a word when it is late', async () => {
    const fresh = await get('/incidents/inc-1');
    expect(fresh.text).toContain('data 4 min old · UTC data to 03:22 · 4 min behind');
    expect(fresh.text).not.toContain('late: ');
    const late = await get('/incidents/inc-1', { ...burningWorld(), now: now + 5 * 60_000 });
    expect(late.text).toContain('late: 9 min old · UTC data to 03:22 · 9 min behind, late');
    expect(late.html).toMatch(/<span class="phone-only">late: /);
  });

  test('names the person, counts what is open, and skips to the page', async () => {
    const { text, html } = await get('/');
    expect(text).toContain('Ada · responder');
    expect(text).toContain('Incidents 1 open');
    expect(html).toContain('href="#main"');
  });

  test.each([
    [1, /arithmetic are real\. [^T]/],
    [30, /arithmetic are real\. Time runs 30 times as fast\./],
    [0, /arithmetic are real\. Time stands still\./],
  ])('at %s times the speed it says how time runs', async (speed, words) => {
    expect((await get('/incidents', { ...burningWorld(), speed })).text).toMatch(words);
  });

  test('puts the nonce on every script', async () => {
    const { html } = await get('/');
    const scripts = html.match(/<script\b[^>]*>/g) ?? [];
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((each) => !each.includes('nonce="test-nonce"'))).toEqual([]);
  });

  test('the theme is kept in a cookie', async () => {
    const { status, headers } = await visit('/theme', burningWorld(), { form: { theme: 'light' } });
    expect(status).toBe(303);
    expect(headers.get('set-cookie')).toContain('theme=light');
  });

  test('finds by name without JavaScript', async () => {
    const { text } = await get('/search?q=voiceover+flag');
    expect(text).toContain('voiceover-v2');
    expect(text).not.toContain('speech provider');
  });
});

describe('everything has an address of its own', () => {
  test.each([
    ['/audit', '/audit?before=13#entry-12'],
    ['/follow-ups', '/follow-ups#fu-1'],
    ['/runs/run-1', '#step-kill-flag'],
  ])('on %s there is a link to %s, and it leads to what is there', async (path, address) => {
    const { html } = await get(path, { ...actingWorld(), audit: [auditEntry] });
    expect(html).toContain(`href="${address}"`);
    const { hash, pathname, search } = new URL(address, `http://x${path}`);
    const led = await get(`${pathname}${search}`, { ...actingWorld(), audit: [auditEntry] });
    expect(led.html).toContain(`id="${hash.slice(1)}"`);
  });
});

describe('before the engine has read the catalog', () => {
  test.each(['/', '/services', '/slos', '/flags'])('%s says so, claims nothing, and comes again', async (path) => {
    const { status, text, html } = await get(path, { ...burningWorld(), catalog: null, histories: {} });
    expect(status).toBe(200);
    expect(text).toContain('The catalog is being read');
    expect(text).not.toMatch(/is declared|not declared/);
    expect(html).toContain('http-equiv="refresh"');
  });
});

describe('tables on a phone', () => {
  const entry = { ...auditEntry, reason: 'A false alarm.' };
  test.each([
    '/',
    '/services',
    '/services/voiceover',
    '/slos',
    '/slos/voiceover-availability',
    '/statement',
    '/flags',
    '/audit',
    '/incidents/inc-1',
  ])('%s: each becomes cards whose values are named, or is small enough to stay', async (path) => {
    const { html } = await get(path, { ...burningWorld(), audit: [entry] });
    const tables = html.match(/<table[\s\S]*?<\/table>/g) ?? [];
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      expect(table).toMatch(/^<table class="table (cards|tight)"/);
      if (table.startsWith('<table class="table tight"')) continue;
      for (const row of table.match(/<tr id[\s\S]*?<\/tr>|<tr>(?=<td)[\s\S]*?<\/tr>/g)!) {
        const [, ...cells] = row.match(/<td[^>]*>/g)!;
        expect(cells.filter((cell) => !cell.includes('data-label='))).toEqual([]);
      }
    }
  });
});

describe('all pages for all roles', () => {
  const pages = [
    '/',
    '/incidents',
    '/services',
    '/slos',
    '/flags',
    '/flags/voiceover-v2',
    '/runbooks',
    '/runs',
    '/follow-ups',
    '/audit',
    '/search',
  ];
  test.each(pages)('%s reads for a viewer and not for a stranger', async (path) => {
    expect((await visit(path, burningWorld(), { as: 'viewer' })).status).toBe(200);
    expect((await visit(path, burningWorld(), { as: null })).status).toBe(302);
  });
});
