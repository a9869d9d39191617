import { expect, test } from 'vitest';
import type { SentEvent } from '#app/domain/incident/delivery.ts';
import { type Visit, visit } from '../support/pages/visit.ts';
import { burningWorld, now, quietWorld, type World } from '../support/pages/world.ts';

const minute = 60_000;
const get = (path: string, world: World): Promise<Visit> => visit(path, world);

function sent(id: string, change: Partial<SentEvent> = {}): SentEvent {
  return {
    ...{ id, incident: 'inc-1', level: 'page', toEndpoint: false, action: 'trigger', at: now - 10 * minute },
    ...{ summary: 'voiceover: 1 in 38 fails · 68 % left', state: { kind: 'waiting' } },
    ...change,
  };
}

const all: SentEvent[] = [
  sent('a', { state: { kind: 'retrying', error: 'PagerDuty answered 500', tries: 3, nextAt: now + 4 * minute } }),
  sent('b', { state: { kind: 'delivered', at: now - 8 * minute } }),
  sent('c', { state: { kind: 'refused', error: 'Invalid routing key' } }),
  sent('d', {
    level: 'ticket',
    state: { kind: 'held-back', why: 'silenced by Ada until 04:00 UTC: Load test', at: now },
  }),
  sent('e', { level: 'ticket', toEndpoint: true, action: 'resolve' }),
];
const told = [
  'Page: voiceover: 1 in 38 fails 03:16 · PagerDuty answered 500. Tried 3 times, again in 4 min ! not taken yet',
  'taken by PagerDuty 03:18, after 2 min ✓ taken',
  'PagerDuty will never take it: Invalid routing key. ▲ refused',
  'Ticket: voiceover: 1 in 38 fails 03:16 · did not leave: silenced by Ada until 04:00 UTC: Load test held back',
  'Ticket: it is over 03:16 · on its way to the tickets’ system waiting',
];

test('an incident’s page says of each page and ticket where it is', async () => {
  const { text } = await get('/incidents/inc-1', { ...burningWorld(), deliveries: all });
  expect(text).toContain('Told to the outside');
  for (const one of told) expect(text).toContain(one);
});

test('the list begins with what has not arrived, each with its incident', async () => {
  const { text, html } = await get('/deliveries', { ...burningWorld(), deliveries: all });
  expect(text).toMatch(
    /Not arrived .*PagerDuty answered 500.*Invalid routing key.*it is over.* All .*taken by PagerDuty/,
  );
  for (const one of told) expect(text).toContain(one);
  expect(html).toContain('href="/incidents/inc-1"');
  const quiet = await get('/deliveries', quietWorld());
  expect(quiet.text).toContain('Nothing was sent yet');
  expect(quiet.text).not.toContain('Not arrived');
});

test('a burn that comes and goes says how often, and when PagerDuty hears that it is over', async () => {
  const world = { ...burningWorld(), deliveries: [all[1]!], returns: [now - 40 * minute, now - 20 * minute] };
  expect((await get('/incidents/inc-1', world)).text).toContain('It burned again 2 times in 2 h.');
  Object.assign(world.incidents[0]!, { status: 'resolved', resolvedAt: now - 10 * minute });
  expect((await get('/incidents/inc-1', world)).text).toContain(
    'It burned again 2 times in 2 h. PagerDuty hears that it is over at 03:46, unless it burns again',
  );
  Object.assign(world.incidents[0]!, { resolvedAt: now - 31 * minute });
  expect((await get('/incidents/inc-1', world)).text).not.toContain('PagerDuty hears');
});

test('a ticket is said to be one, burns nobody’s night, and is no incident of the frame’s count', async () => {
  const world = burningWorld();
  Object.assign(world.incidents[0]!, { level: 'ticket', tier: 'ticket-slow', pagedAt: null });
  const evaluation = world.histories['voiceover-availability']!.evaluation;
  Object.assign(evaluation, { tier: 'ticket-slow' });
  const { text } = await get('/incidents/inc-1', world);
  expect(text).toContain('a ticket: it wakes nobody');
  expect(text).toContain('Why this ticket, and when it clears');
  const overview = await get('/', world);
  expect(overview.text).toContain('No SLO burns at a page tier; 1 of 3 burns at a ticket tier');
  expect(overview.html).not.toContain('nav-count');
});
