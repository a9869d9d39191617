import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { pagerDutyEscalate } from '#app/actions/pagerduty-escalate.server.ts';
import { pagerDutyResolve } from '#app/actions/pagerduty-resolve.server.ts';
import { snooze } from '#app/actions/snooze.server.ts';
import { createPagerDutyRead } from '#app/clients/pagerduty/read.server.ts';
import { createPagerDutyWrite } from '#app/clients/pagerduty/write.server.ts';
import { OutsideError } from '#app/platform/outside-error.ts';
import type { IncidentStore, SloStore } from '#app/stores/stores.ts';
import { routingKey, start, startPagerDuty, type TestPagerDuty } from '#test/simulator/pagerduty/start.ts';
import { catalogOf } from '../engine/harness.ts';
import { actionContext, moveOf } from './context.ts';

let pagerDuty: TestPagerDuty;
let id: string;
beforeEach(async () => {
  pagerDuty = await startPagerDuty();
  const event = { action: 'trigger' as const, dedupKey: 'burn', routingKey, summary: 'Voiceover burns', links: [] };
  const { read, write } = clients();
  await write.sendEvent({ ...event, severity: 'critical', source: 'voiceover', details: {} });
  id = (await read.openIncidents())[0]!.id;
});
afterEach(() => pagerDuty.stop());

function clients() {
  return { read: createPagerDutyRead(pagerDuty.address), write: createPagerDutyWrite(pagerDuty.address) };
}

/** The account, and the stores of an incident that burns at 14.4 over an hour. */
function deps() {
  const { read, write } = clients();
  const windows = { '1h': { window: '1h', bad: 1, total: 10, burn: 14.4, coverage: 1 } };
  const slos = { state: async () => ({ tier: 'page-fast', evaluation: { windows } }) } as unknown as SloStore;
  const incidents = {
    pagerDuty: async () => [await read.incident(id)],
    get: async () => ({ slo: 'voice' }),
  } as unknown as IncidentStore;
  return { read, write, slos, incidents, from: 'grace@studio.example' };
}

function contextOf(uses: string, input: Record<string, unknown>) {
  const context = { ...actionContext(uses, input), now: () => pagerDuty.clock.now() };
  const voice = { id: 'voice', title: 'Voice answers', period: { kind: 'rolling' as const, days: 30 } };
  return { ...context, catalog: { ...catalogOf([]), slos: [voice as never] } };
}

async function planAndApply(action: Action, input: Record<string, unknown> = {}) {
  const context = contextOf(action.uses, input);
  const { plan } = await action.plan(context);
  const move = moveOf(plan);
  const before = await action.observe(context, move, 'apply');
  const applied = await action.apply(context, move);
  return { plan, applied, before, after: await action.observe(context, move, 'apply') };
}

test('an escalation says who will be paged, pages them, and is seen there', async () => {
  const { plan, before, after } = await planAndApply(pagerDutyEscalate(deps()));
  expect(plan).toMatchObject({
    kind: 'people',
    title: 'Escalate #1 in PagerDuty',
    after: [{ id, level: 2, people: ['Grace'] }],
    diff: [{ text: '#1 is with Ada (level 1)' }, { text: 'pages Grace (level 2)' }],
  });
  expect([before.state, after.state]).toEqual(['not_done', 'done']);
  expect((await clients().read.incident(id)).assignees).toEqual(['Grace']);
  // The highest level has nobody above.
  const { plan: last } = await pagerDutyEscalate(deps()).plan(contextOf('pagerduty.escalate', {}));
  expect(last.refused).toBe('Nobody is on call above who has it already.');
});

test('an escalation that failed half way is not called untaken: it says who was paged already', async () => {
  const { write } = clients();
  const other = { action: 'trigger' as const, dedupKey: 'other', routingKey, summary: 'Renders burn', links: [] };
  await write.sendEvent({ ...other, severity: 'critical', source: 'render', details: {} });
  const both = {
    ...deps(),
    incidents: { ...deps().incidents, pagerDuty: () => clients().read.openIncidents() } as never,
  };
  let calls = 0;
  const escalate: typeof write.escalate = async (...given) => {
    calls += 1;
    if (calls === 2) throw new OutsideError('PagerDuty', 'refused', 'PagerDuty answered 403', { answered: 403 });
    return write.escalate(...given);
  };
  const action = pagerDutyEscalate({ ...both, write: { ...write, escalate } });
  const context = contextOf('pagerduty.escalate', {});
  const { plan } = await action.plan(context);
  const [first] = plan.after as { id: string }[];
  await expect(action.apply(context, moveOf(plan))).rejects.toMatchObject({
    code: 'unavailable',
    reason: 'garbage',
    message: `PagerDuty answered 403. Paged already: Grace, for ${first!.id}.`,
  });
  const seen = await action.observe(context, moveOf(plan), 'apply');
  expect(seen.state).toBe('unknown');
  expect(seen.text).toMatch(/is with Grace; #\d is not with Grace$/);
});

test('a page is resolved once, and what still burns is said before', async () => {
  const { plan, after } = await planAndApply(pagerDutyResolve(deps()));
  expect(plan.preconditions).toEqual([
    { state: 'fail', text: 'voice has stopped burning. While it burns, it pages anew.' },
  ]);
  expect(after.state).toBe('done');
  await pagerDutyResolve(deps()).apply(contextOf('pagerduty.resolve', {}), moveOf(plan));
  expect((await clients().read.log(id)).filter(({ kind }) => kind === 'resolved')).toHaveLength(1);
});

test('a snooze says its next look and its cost, keeps quiet, and pages again', async () => {
  const { plan, applied } = await planAndApply(snooze(deps()), { for: '30m' });
  expect(plan.diff.map(({ text }) => text)).toEqual([
    '#1 acknowledged and quiet for 30 min. Then PagerDuty pages again.',
    'At 14.4× over 1h, 30 min cost 1 % of the budget of Voice answers.',
  ]);
  expect(applied.outputs).toEqual({ next_look: start + 30 * 60_000 });
  expect(await clients().read.incident(id)).toMatchObject({ status: 'acknowledged', escalatesAt: null });
  pagerDuty.clock.advance(29 * 60_000);
  await pagerDuty.tick();
  expect((await clients().read.incident(id)).status).toBe('acknowledged');
  pagerDuty.clock.advance(60_000);
  await pagerDuty.tick();
  expect(await clients().read.incident(id)).toMatchObject({ status: 'triggered', assignees: ['Ada'] });
});

test('what does not burn costs what nobody knows', async () => {
  const quiet = { ...deps(), incidents: { ...deps().incidents, get: async () => ({ slo: null }) } as never };
  const { plan } = await snooze(quiet).plan(contextOf('snooze', { for: '30m' }));
  expect(plan.diff[1]?.text).toBe('What it costs in budget is not known: no SLO burns here.');
});
