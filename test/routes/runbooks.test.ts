import { describe, expect, test } from 'vitest';
import { visit } from '../support/pages/visit.ts';
import { burningWorld } from '../support/pages/world.ts';

const get = (path: string) => visit(path, burningWorld(), { as: 'viewer' });

describe('the list of runbooks', () => {
  test('is searched by words, service and alert, in an address that the form keeps', async () => {
    const { html } = await get('/runbooks?q=budget&service=voiceover&alert=voiceover-availability');
    expect(html).toMatch(/<form method="get" action="\/runbooks"/);
    expect(html).toMatch(/name="q" maxLength="200" value="budget"|value="budget"/);
    expect(html).toMatch(/<option value="voiceover" selected="">/);
    expect(html).toMatch(/<option value="voiceover-availability" selected="">/);
    expect(html).toContain('href="/runbooks/voiceover-burn"');
  });

  test('says when nothing holds the words, and the way back', async () => {
    const { text, html } = await get('/runbooks?q=zebra');
    expect(text).toContain('No runbook holds this');
    expect(html).toContain('href="/runbooks"');
    expect(html).not.toContain('href="/runbooks/voiceover-burn"');
  });

  test.each([
    ['2026-09-12', 30, 'review overdue by 41 days'],
    ['2026-11-01', 31, 'reviewed 2026-11-01, next review in 10 days'],
    ['2026-11-21', null, 'no review date declared'],
  ])('a review of %s, good for %s days, is told in the list and on the page', async (on, every, said) => {
    const world = burningWorld();
    const { runbooks } = world.catalog!;
    const runbook = { ...runbooks.find(({ slug }) => slug === 'voiceover-burn')! };
    Object.assign(runbook, { lastReviewedOn: on, reviewInDays: every });
    world.catalog = { ...world.catalog!, runbooks: [runbook] };
    for (const path of ['/runbooks', '/runbooks/voiceover-burn'])
      expect((await visit(path, world, { as: 'viewer' })).text).toContain(said);
  });

  test('takes any address', async () => {
    const { status } = await get(`/runbooks?q=${'%27%22%3C'.repeat(200)}&service=none&alert=%00`);
    expect(status).toBe(200);
  });
});
