import { describe, expect, test } from 'vitest';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld } from '../support/pages/world.ts';

const get = (path: string, world = burningWorld()): Promise<Visit> => visit(path, world, { as: 'viewer' });

/** Two hundred more SLOs of a calm service. */
function manySlos() {
  const world = burningWorld();
  const one = world.catalog!.slos[2]!;
  const more = Array.from({ length: 200 }, (_, i) => ({ ...one, id: `slo-${i}`, title: `slo ${1000 + i}` }));
  world.catalog!.slos.push(...more);
  return world;
}

describe('the list of SLOs', () => {
  test('counts the states, each with a link that narrows to it', async () => {
    const { html, text } = await get('/slos');
    expect(text).toContain('Pages 1');
    expect(html).toContain('href="/slos?state=page"');
    expect((await get('/slos?state=page')).html.match(/href="\/slos\/[\w-]+"/g)).toEqual([
      'href="/slos/voiceover-availability"',
    ]);
  });

  test('is narrowed by team, in an address that the form keeps', async () => {
    const { text, html } = await get('/slos?team=media-platform&sort=budget');
    expect(text).toContain('Least budget first 3');
    expect(html).toMatch(/<option value="media-platform" selected="">/);
    expect(html).toMatch(/<form method="get" action="\/slos"/);
  });

  test('groups by service, the group that burns first', async () => {
    const { html } = await get('/slos?group=service');
    expect([...html.matchAll(/<h2[^>]*>([\w-]+)<\/h2>/g)].map(([, name]) => name)).toEqual(['voiceover', 'studio-api']);
  });

  test('shows 50 at a time and keeps the wish on the way', async () => {
    const { text, html } = await get('/slos?service=studio-api&from=50', manySlos());
    expect(text).toContain('51 to 100 of 201');
    expect(html).toContain('href="/slos?service=studio-api&amp;from=100"');
    expect(html).toContain('href="/slos?service=studio-api"');
    expect(html.match(/<tr>/g)!.length).toBe(51);
  });

  test('says so when nothing is like that, and how to see all', async () => {
    expect((await get('/slos?q=nothing')).text).toContain('No SLO is like that Show all 3');
  });
});

describe('the page of an SLO', () => {
  test('says the budget in events, and the ledger adds up to the budget of list and page', async () => {
    const { text } = await get('/slos/voiceover-availability');
    const list = await get('/slos?q=voiceover-availability');
    const [, left] = /Budget left (\d+) %/.exec(text)!;
    expect(list.text).toContain(`${left} %`);
    expect(text).toMatch(/[\d,]+ failures left of [\d,]+ that its traffic allows/);
    // What is left is rounded down.
    const [, spent] = /Spent in all [\d,]+ ([\d.]+) %/.exec(text)!;
    expect(Number(left) + Number(spent)).toBeGreaterThanOrEqual(99);
    expect(Number(left) + Number(spent)).toBeLessThanOrEqual(100);
  });

  test('names each incident with what it cost, the open one as going on', async () => {
    const { text } = await get('/slos/voiceover-availability');
    expect(text).toMatch(/voiceover is burning its error budget Sun 22 Nov 02:44 ▲ goes on 38 min [\d,]+ [\d.]+ %/);
    expect(text).toContain('Everything else outside of incidents');
  });

  test('says the burn of every window with its counts, and which minute was measured last', async () => {
    const { text } = await get('/slos/voiceover-availability');
    const [, table = ''] = /Burn by window(.*?)Last minute measured/.exec(text)!;
    for (const window of ['5 min', '30 min', 'hour', '2 h', '6 h', 'day', '3 days'])
      expect(table).toMatch(new RegExp(` ${window} [\\d.]+× [\\d,]+ of [\\d,]+ [\\d.]+ % covered`));
    expect(text).toMatch(/Last minute measured: 03:21, \d+ min ago/);
    expect(text).toMatch(/Why this page, and when it clears It pages because both windows reach/);
  });

  test('shows of each change the burn before and after it', async () => {
    const { text } = await get('/slos/voiceover-availability');
    expect(text).toMatch(
      /voiceover-v2 rolled out 5 → 25 % by Linus · hour before: 0× \(\d+ of [\d,]+\) · 41 min after: 2\d(\.\d)?× \([\d,]+ of [\d,]+\)/,
    );
  });

  test('draws the burn-down twice, and the same figures as a table', async () => {
    const { html } = await get('/slos/voiceover-availability');
    expect(html.match(/aria-label="Budget left from Fri 23 Oct to Sun 22 Nov: \d+ % now; 1 incidents?"/g)).toHaveLength(
      2,
    );
  });

  test('without an evaluation says what is missing, and has no budget', async () => {
    const { status, text } = await get('/slos/voiceover-availability', { ...burningWorld(), histories: {} });
    expect(status).toBe(200);
    expect(text).toContain('Not evaluated yet');
    expect(text).not.toContain('Spent in all');
  });
});
