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
