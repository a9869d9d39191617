import { expect, test } from 'vitest';
import type { RealIncident, WouldPage } from '#app/domain/alert/shadow.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now, seen, type World } from '../support/pages/world.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const slo = 'voiceover-availability';
const page = (id: string, from: number, change: Partial<WouldPage> = {}): WouldPage => ({
  id,
  slo,
  service: 'voiceover',
  tier: 'page-fast',
  incident: null,
  from,
  to: from + 20 * minute,
  ...change,
});
const real = (id: string, from: number, change: Partial<RealIncident> = {}): RealIncident => ({
  id,
  number: 12,
  title: 'Voice is down, "again"',
  url: 'https://pagerduty.example/Q1',
  services: ['voiceover'],
  incident: null,
  ownSlo: null,
  from,
  to: from + 20 * minute,
  ...change,
});

/** Availability in shadow for 30 days: four pages, three of them beside a real incident. */
function shadowWorld(): World {
  const world = burningWorld();
  world.catalog!.timeZone = 'Europe/Vienna';
  for (const each of world.catalog!.slos) if (each.id === slo) each.paging = 'shadow';
  const at = (days: number) => now - days * day;
  return {
    ...world,
    observations: { ...world.observations, 'pagerduty incidents': seen({ open: 0 }) },
    shadow: {
      since: now - 60 * day,
      pages: [page('a', at(20)), page('b', at(12)), page('c', at(6)), page('d', at(2) + 8 * 60 * minute)],
      incidents: [
        real('Q1', at(20) + 4 * minute),
        real('Q2', at(12) + 8 * minute),
        real('Q3', at(6) + 6 * minute),
        real('Q4', at(3), { services: ['studio-api'] }),
      ],
    },
  };
}
const get = (path: string, world = shadowWorld()) => visit(path, world, { as: 'viewer' });

test('says in a sentence how its pages stand beside the real incidents', async () => {
  const { text, status } = await get('/shadow');
  expect(status).toBe(200);
  expect(text).toContain(
    'In 30 days: 4 pages, 3 of them beside a real incident, on average 6 min earlier; 1 alone. Nothing missed.',
  );
  expect(text).toMatch(/At night 3 22:00 to 07:00, Europe\/Vienna/);
  expect(text).toMatch(/alone Fri 20 Nov 11:26 voiceover availability Page · fast burn, 20 min none/);
  expect(text).toMatch(
    /6 min earlier Mon 16 Nov 03:26 .* Mon 16 Nov 03:32 #12 Voice is down, "again" from another pager/,
  );
});

test('is narrowed to fewer days in the address, which the form and the download keep', async () => {
  const { text, html } = await get('/shadow?days=7&team=media-platform');
  expect(text).toContain('In 7 days: 2 pages, 1 of them beside a real incident, 6 min earlier; 1 alone.');
  expect(html).toMatch(/<option value="7" selected="">/);
  expect(html).toContain('href="/shadow/csv?days=7&amp;team=media-platform"');
  expect((await get('/shadow?days=999')).text).toContain('In 30 days: 4 pages');
  expect((await get('/shadow?team=nobody')).text).toContain('No SLO in shadow is like that Show all');
});

test('watched for less than a week it is not enough to say', async () => {
  const world = shadowWorld();
  world.shadow!.since = now - 3 * day;
  const { text } = await get('/shadow', world);
  expect(text).toContain('Not enough to say: watched for 3 d, and a comparison needs 7 d.');
  expect(text).toContain('voiceover · watched for 3 d, not enough to say');
});

test('a real incident without a page is missed, and one that another SLO would have paged for is said to be', async () => {
  const world = shadowWorld();
  for (const each of world.catalog!.slos) each.paging = 'shadow';
  world.shadow!.incidents.push(real('Q5', now - day, { title: 'Renders stand still' }));
  const { text } = await get('/shadow', world);
  expect(text).toContain('2 real incidents missed.');
  expect(text).toMatch(/missed no page \w+ 21 Nov 03:26 #12 Renders stand still/);
  expect(text).toMatch(/of 4, 3 paged by another SLO/);
});

test('where nobody is in shadow it says how to get there', async () => {
  const { text } = await get('/shadow', burningWorld());
  expect(text).toContain('No SLO is in shadow');
  expect(text).toContain('firebreak.dev/paging: shadow');
  expect((await get('/shadow', { ...burningWorld(), catalog: null })).text).toContain('The catalog is being read');
});

test('a PagerDuty that cannot be read is said, as real incidents may be missing', async () => {
  const world = shadowWorld();
  world.observations['pagerduty incidents'] = {
    value: { open: 0 },
    at: now - 3 * 60 * minute,
    error: 'PagerDuty answered 503',
    errorAt: now - 10_000,
  };
  const { text } = await get('/shadow', world);
  expect(text).toContain('PagerDuty does not answer: PagerDuty answered 503. Real incidents may be missing here.');
  expect(text).toContain('stale · 3 h');
});

test('the CSV has every page with what stood beside it, and what was missed', async () => {
  const world = shadowWorld();
  world.shadow!.incidents.push(real('Q5', now - day, { number: null, title: '=cmd()', to: null }));
  const { html, headers } = await get('/shadow/csv?days=30', world);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="shadow-30-days-to-2026-11-22.csv"');
  const [head, ...lines] = html.trimEnd().split('\r\n');
  expect(head).toBe(
    'outcome,slo,service,tier,page_from,page_to,at_night,minutes_earlier,real_incidents,real_title,real_from,real_to,real_url',
  );
  expect(lines).toEqual([
    "missed,,voiceover,,,,,,Q5,'=cmd(),2026-11-21T03:26:00.000Z,,https://pagerduty.example/Q1",
    `alone,${slo},voiceover,page-fast,2026-11-20T11:26:00.000Z,2026-11-20T11:46:00.000Z,false,,,,,,`,
    `beside,${slo},voiceover,page-fast,2026-11-16T03:26:00.000Z,2026-11-16T03:46:00.000Z,true,6,#12,"Voice is down, ""again""",2026-11-16T03:32:00.000Z,2026-11-16T03:52:00.000Z,https://pagerduty.example/Q1`,
    `beside,${slo},voiceover,page-fast,2026-11-10T03:26:00.000Z,2026-11-10T03:46:00.000Z,true,8,#12,"Voice is down, ""again""",2026-11-10T03:34:00.000Z,2026-11-10T03:54:00.000Z,https://pagerduty.example/Q1`,
    `beside,${slo},voiceover,page-fast,2026-11-02T03:26:00.000Z,2026-11-02T03:46:00.000Z,true,4,#12,"Voice is down, ""again""",2026-11-02T03:30:00.000Z,2026-11-02T03:50:00.000Z,https://pagerduty.example/Q1`,
  ]);
});

test('the list of SLOs leads to it, and so does an SLO in shadow, but no other', async () => {
  expect((await get('/slos')).html).toContain('href="/shadow"');
  expect((await get(`/slos/${slo}`)).html).toContain(`href="/shadow?slo=${slo}"`);
  expect((await get('/slos/voiceover-latency')).html).not.toContain('href="/shadow');
});
