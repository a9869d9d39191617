import { expect, test } from 'vitest';
import type { ActionContext } from '#app/actions/action.ts';
import { pagerDutyAcknowledge } from '#app/actions/pagerduty-acknowledge.server.ts';
import { pagerDutyNote } from '#app/actions/pagerduty-note.server.ts';
import type { PagerDutyRead, PagerDutyWrite } from '#app/clients/pagerduty/port.ts';
import type { PagerDutyIncident } from '#app/domain/incident/incident.ts';
import type { Run, RunStep } from '#app/domain/run/run.ts';
import type { IncidentStore } from '#app/stores/stores.ts';
import { ada, catalogOf, stepOf } from '../engine/harness.ts';
import { killPlan, step } from '../support/pages/runs.ts';

function page(id: string, status: PagerDutyIncident['status']): PagerDutyIncident {
  const none = { assignees: [], acknowledgedBy: [], escalatesAt: null, createdAt: 0, resolvedAt: null, alertKeys: [] };
  return { id, number: null, title: id, status, urgency: 'high', service: null, url: '', ...none };
}

/** A PagerDuty that remembers what was written, and the incident its pages belong to. */
function account(pages: PagerDutyIncident[]) {
  const written: string[] = [];
  const notes: { id: string; text: string; at: number }[] = [];
  const read = { incident: async (id: string) => pages.find((one) => one.id === id)! } as unknown as PagerDutyRead;
  const write: PagerDutyWrite = {
    sendEvent: async () => undefined,
    async acknowledge(id, from) {
      written.push(`${id} by ${from}`);
      pages.find((one) => one.id === id)!.status = 'acknowledged';
    },
    resolve: async () => undefined,
    snooze: async () => undefined,
    escalate: async () => undefined,
    async addNote(id, text, from) {
      written.push(`${id} by ${from}`);
      notes.push({ id: String(notes.length), text, at: 0 });
      return id;
    },
    notes: async () => notes,
  };
  const incidents = { pagerDuty: async () => pages } as unknown as IncidentStore;
  const steps: RunStep[] = [];
  const runs = { get: async () => ({ steps }) as unknown as Run };
  return { read, write, incidents, runs, steps, written, notes, from: 'firebreak@studio.example' };
}

function contextOf(uses: string, input: Record<string, unknown>, incidentId: string | null = 'burn'): ActionContext {
  return {
    run: { id: '0123456789abcdef', incidentId, service: null, openedBy: ada.email },
    step: stepOf({ id: 'tell', uses, with: input }),
    input,
    catalog: catalogOf([]),
    actor: ada,
    outcome: null,
    progress: null,
    now: () => 0,
    speed: () => 1,
    signal: new AbortController().signal,
    log: undefined as never,
    emit: () => undefined,
  };
}

const moveOf = (
  plan: Awaited<ReturnType<ReturnType<typeof pagerDutyNote>['plan']>>['plan'],
  key = 'run/tell/apply/1',
) => ({
  plan,
  captured: null,
  progress: null,
  key,
});

test('an acknowledgement is in the name of who confirms, and repeating it writes nothing', async () => {
  const pages = [page('P1', 'triggered'), page('P2', 'acknowledged'), page('P3', 'resolved')];
  const desk = account(pages);
  const action = pagerDutyAcknowledge(desk);
  const context = contextOf('pagerduty.acknowledge', {});
  const { plan } = await action.plan(context);
  expect(plan).toMatchObject({ kind: 'people', title: 'Acknowledge P1 in PagerDuty', refused: null });
  await action.apply(context, moveOf(plan));
  await action.apply(context, moveOf(plan));
  expect(desk.written).toEqual(['P1 by ada@studio.example']);
  expect(await action.observe(context, moveOf(plan), 'apply')).toMatchObject({ state: 'done' });
  expect((await action.plan(context)).plan.refused).toBe('Already acknowledged.');
});

test('a note is written once an attempt: its mark is looked for first', async () => {
  const desk = account([page('P1', 'triggered')]);
  const action = pagerDutyNote(desk);
  const context = contextOf('pagerduty.note', { text: 'Flag off, burn falls.' });
  const { plan } = await action.plan(context);
  expect(await action.observe(context, moveOf(plan), 'apply')).toMatchObject({ state: 'not_done' });
  await action.apply(context, moveOf(plan));
  await action.apply(context, moveOf(plan));
  expect(desk.notes.map(({ text }) => text)).toEqual(['Flag off, burn falls.\n\n(Firebreak 01234567/tell/1)']);
  expect(await action.observe(context, moveOf(plan), 'apply')).toMatchObject({
    state: 'done',
    applied: { next: 'done' },
  });
  await action.apply(context, moveOf(plan, 'run/tell/apply/2'));
  expect(desk.notes).toHaveLength(2);
});

test('a note says under its sentence what was done, where, by whom, and what became of it', async () => {
  const desk = account([page('P1', 'triggered')]);
  const done = { state: 'succeeded' as const, confirmedBy: 'Ada', confirmedAt: Date.UTC(2026, 10, 22, 3, 26) };
  desk.steps.push(step('kill', 1, { ...done, result: 'improved', plan: killPlan(0) }));
  const { plan } = await pagerDutyNote(desk).plan(contextOf('pagerduty.note', { text: 'Voiceover is well again.' }));
  const line =
    'Bring voiceover-v2 to off in production (flag/production/voiceover-v2), by Ada at 03:26 UTC: verified, the burn fell';
  expect(plan.diff).toEqual([{ sign: '+', text: `Voiceover is well again.\n- ${line}` }]);
  expect(plan.commands).toMatchObject([
    {
      label: expect.stringMatching(/^Write the note: /),
      command: expect.stringMatching(/^INCIDENT_ID=P1\ncurl .*\$PAGERDUTY_API_TOKEN/),
    },
  ]);
  expect(plan.after).toMatchObject({ text: `Voiceover is well again.\n- ${line}` });
});

test('who has no account at PagerDuty acts through ours, and the note says who it was', async () => {
  const desk = account([page('P1', 'triggered')]);
  const knownOnly = async (from: string) => {
    if (from === ada.email) throw new Error('PagerDuty answered 400: Invalid Input Provided: Requester User Not Found');
  };
  const { acknowledge, addNote } = desk.write;
  desk.write.acknowledge = async (id, from) => knownOnly(from).then(() => acknowledge(id, from));
  desk.write.addNote = async (id, text, from) => knownOnly(from).then(() => addNote(id, text, from));
  const stop = pagerDutyAcknowledge(desk);
  const asked = contextOf('pagerduty.acknowledge', {});
  const done = await stop.apply(asked, moveOf((await stop.plan(asked)).plan));
  expect(done.evidence).toEqual({ acknowledged: 1, from: desk.from });
  const note = pagerDutyNote(desk);
  const said = contextOf('pagerduty.note', { text: 'Flag off.' });
  await note.apply(said, moveOf((await note.plan(said)).plan));
  expect(desk.written).toEqual([`P1 by ${desk.from}`, `P1 by ${desk.from}`]);
  expect(desk.notes[0]?.text).toMatch(new RegExp(`^Flag off\\.\n\n${ada.name}\n\n`));
});

test('any other refusal is not tried again under another name', async () => {
  const desk = account([page('P1', 'triggered')]);
  let calls = 0;
  desk.write.acknowledge = async () => {
    calls += 1;
    throw new Error('PagerDuty answered 403');
  };
  const stop = pagerDutyAcknowledge(desk);
  const context = contextOf('pagerduty.acknowledge', {});
  await expect(stop.apply(context, moveOf((await stop.plan(context)).plan))).rejects.toThrow('403');
  expect(calls).toBe(1);
});

test('without a page to write to, the plan says so', async () => {
  const action = pagerDutyNote(account([]));
  const input = { text: 'x' };
  expect((await action.plan(contextOf('pagerduty.note', input))).plan.refused).toContain('No PagerDuty incident');
  expect((await action.plan(contextOf('pagerduty.note', input, null))).plan.refused).toBe(
    'This run belongs to no incident.',
  );
});

test('a note may follow the end: with nothing open it goes on what was resolved', async () => {
  const plan = async (...pages: PagerDutyIncident[]) =>
    (await pagerDutyNote(account(pages)).plan(contextOf('pagerduty.note', { text: 'x' }))).plan;
  expect(await plan(page('P3', 'resolved'))).toMatchObject({ refused: null, title: 'Write a note on P3' });
  expect((await plan(page('P3', 'resolved'), page('P4', 'triggered'))).title).toBe('Write a note on P4');
});
