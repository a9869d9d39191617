import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freshFor } from '#app/acting.ts';
import { unsentFor } from '#app/domain/unsent/unsent.ts';
import { cookieOf, type Served, serve } from '../support/http/serve.ts';
import type { Person } from '../support/pages/people.ts';

let app: Served;
beforeEach(async () => {
  app = await serve();
});
afterEach(() => app.stop());

const why = 'Acting asked for your sign-in first; nothing was sent yet. Check and send it.';
const stale = freshFor + 1;
const run = '/runs/run-1';

/** Posts a form with a sign-in that is too old, and answers what the browser then has of it. */
async function typed(path: string, form: string[][], as: Person) {
  const response = await fetch(app.url + path, {
    ...{ method: 'POST', redirect: 'manual' as const, body: new URLSearchParams(form) },
    headers: { 'sec-fetch-site': 'same-origin', ...cookieOf(as, stale) },
  });
  const location = response.headers.get('location') ?? '';
  expect([response.status, location]).toEqual([303, expect.stringContaining('/sign-in?again=1&next=')]);
  const kept = response.headers
    .getSetCookie()
    .find((each) => each.startsWith('firebreak-unsent='))
    ?.split(';')[0];
  return { location, kept: kept ?? '', back: new URL(location, app.url).searchParams.get('next') ?? '' };
}

async function page(path: string, as: Person, kept: string) {
  const response = await app.get(path, { cookie: `${cookieOf(as).cookie}; ${kept}` });
  const html = await response.text();
  return { html: html.replace(/<script[\s\S]*?<\/script>/g, ''), set: response.headers.getSetCookie() };
}

const sentence = 'The old one is known; "25 %" is enough <for now>.';
const shown = 'The old one is known; &quot;25 %&quot; is enough &lt;for now&gt;.';
const freeze = {
  ...{ intent: 'freeze', what: 'service/voiceover', kind: 'weekly', zone: 'Asia/Tokyo', from: '', until: '' },
  ...{ fromDay: '3', fromTime: '17:15', untilDay: '4', untilTime: '07:45', reason: sentence },
};
const rollout = '/rollouts/new?flag=voiceover-v2&environment=production';

describe('what was typed before signing in again', () => {
  test.each<[string, string, Person, string[][], string[]]>([
    [
      'a step’s reason',
      run,
      'responder',
      [
        ['intent', 'skip'],
        ['step', 'kill-flag'],
        ['reason', sentence],
      ],
      [shown],
    ],
    [
      'a note',
      run,
      'responder',
      [
        ['intent', 'note'],
        ['text', sentence],
      ],
      [`${shown}</textarea>`],
    ],
    [
      'why a run is cancelled',
      run,
      'responder',
      [
        ['intent', 'cancel'],
        ['reason', sentence],
      ],
      [shown],
    ],
    [
      'a flag’s share',
      '/flags/voiceover-v2',
      'responder',
      [
        ['intent', 'expose'],
        ['environment', 'production'],
        ['percent', '37'],
        ['variants', 'blue 50, green 50'],
      ],
      ['value="37"', 'value="blue 50, green 50"'],
    ],
    [
      'a panic’s reason',
      '/panic/panic-1',
      'responder',
      [
        ['intent', 'panic'],
        ['hash', 'panic-hash'],
        ['reason', sentence],
        ['acknowledged', 'yes'],
      ],
      [shown, 'name="hash" value="panic-hash"'],
    ],
    [
      'a freeze',
      '/freezes',
      'admin',
      Object.entries(freeze),
      [shown, 'value="Asia/Tokyo"', 'value="17:15"', '<option value="service/voiceover" selected="">'],
    ],
    [
      'a silence',
      '/silences',
      'responder',
      [
        ['intent', 'silence'],
        ['what', 'slo/voiceover-latency'],
        ['end', '4h'],
        ['at', ''],
        ['zone', ''],
        ['reason', sentence],
      ],
      [shown, '<option value="slo/voiceover-latency" selected="">'],
    ],
    [
      'a rollout',
      rollout,
      'responder',
      [
        ...[
          ['intent', 'draw'],
          ['subject', 'flag production voiceover-v2'],
          ['plan', 'typed'],
          ['stages', '7 % 33m'],
        ],
        ...[
          ['slo', 'voiceover-latency'],
          ['judge', 'service'],
          ['minRequests', '4321'],
          ['shadow', 'yes'],
        ],
      ],
      ['7 % 33m</textarea>', 'value="4321"'],
    ],
  ])('%s stands in its form again, with why', async (_name, path, as, form, fields) => {
    const { location, kept, back } = await typed(path, form, as);
    expect(back.split('#')[0]).toBe(path);
    expect(decodeURIComponent(location + kept)).not.toContain('old one');
    const { html } = await page(back, as, kept);
    for (const text of [why, ...fields]) expect(html).toContain(text);
    expect(html).not.toMatch(/<input(?=[^>]*required)(?=[^>]*checkbox)[^>]*checked/);
    // Nothing was sent, and nothing of it was written down.
    expect(app.told.filter(({ what }) => what !== 'audit')).toEqual([]);
    expect(app.log()).not.toContain('old one');
    expect((await page(back, as, '')).html).not.toContain(why);
  });

  test('a rollout of something else does not take it over', async () => {
    const form = [
      ['intent', 'draw'],
      ['subject', 'flag production voiceover-v2'],
      ['plan', 'typed'],
      ['stages', '7 % 33m'],
    ];
    const { kept } = await typed(rollout, form, 'responder');
    const { html } = await page('/rollouts/new?flag=voiceover-fallback', 'responder', kept);
    expect(html).not.toContain('7 % 33m');
    expect(html).not.toContain(why);
  });

  const reason = [
    ['intent', 'panic'],
    ['hash', 'panic-hash'],
    ['reason', sentence],
    ['acknowledged', 'yes'],
  ];

  test('is not given to another person, and ends when one signs in there', async () => {
    const { kept } = await typed('/panic/panic-1', reason, 'responder');
    const other = await page('/panic/panic-1', 'admin', kept);
    expect(other.html).not.toContain('old one');
    expect(other.html).not.toContain(why);
    expect(other.set).toContainEqual(expect.stringMatching(/^firebreak-unsent=; Max-Age=0/));
  });

  test('is not given after its time', async () => {
    const { kept } = await typed('/panic/panic-1', reason, 'responder');
    app.clock.advance(unsentFor);
    expect((await page('/panic/panic-1', 'responder', kept)).html).not.toContain('old one');
  });

  test('ends with the next form of that page that goes through, and stays with another page’s', async () => {
    const { kept } = await typed('/panic/panic-1', reason, 'responder');
    const cookie = `${cookieOf('responder').cookie}; ${kept}`;
    const elsewhere = await app.post('/panic', { intent: 'dry-run', set: 'speech' }, { cookie });
    expect(elsewhere.headers.getSetCookie()).toEqual([]);
    const sent = await app.post('/panic/panic-1', Object.fromEntries(reason), { cookie });
    expect(sent.status).toBe(303);
    expect(sent.headers.getSetCookie()).toEqual([expect.stringMatching(/^firebreak-unsent=; Max-Age=0/)]);
  });

  test('is not kept of somebody who may not act there', async () => {
    const response = await app.post('/panic/panic-1', Object.fromEntries(reason), cookieOf('viewer', stale));
    expect([response.status, response.headers.getSetCookie()]).toEqual([403, []]);
  });
});
