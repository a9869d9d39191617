import { expect, test } from 'vitest';
import { AppError } from '#app/errors.ts';
import { visit } from '../support/pages/visit.ts';
import { burningWorld, now } from '../support/pages/world.ts';
import { actingWorld } from '../support/pages/worlds.ts';

const page = '/runs/run-1';
const root = { name: 'Root', email: 'root@studio.example' };
const ada = { name: 'Ada Byron', email: 'ada@studio.example' };

test('the run says who has it and what people wrote, as it is written', async () => {
  const world = actingWorld();
  world.runs[0]!.assignee = root;
  world.notes = [
    { id: 1, at: now - 60_000, kind: 'note', text: '<b>vendor</b> told', by: ada, to: null, step: 'kill-flag' },
    { id: 2, at: now - 30_000, kind: 'hand-over', text: 'I sleep.', by: ada, to: root, step: null },
  ];
  const { text, html } = await visit(page, world);
  expect(text).toContain('Root has it now');
  expect(text).toContain('Handed over to Root: I sleep.');
  expect(html).toContain('&lt;b&gt;vendor&lt;/b&gt; told');
  expect(html).toContain('href="#step-kill-flag"');
  expect(html).toContain('name="had" value="root@studio.example"');
});

test('a note, a hand-over and a taking reach the store', async () => {
  const note = await visit(page, burningWorld(), { form: { intent: 'note', text: 'The vendor was told.' } });
  expect([note.status, note.location]).toEqual([303, page]);
  expect(note.told).toMatchObject([{ what: 'note', with: { runId: 'run-1', text: 'The vendor was told.' } }]);
  const handed = await visit(page, burningWorld(), {
    form: { intent: 'hand-over', to: root.email, had: '', reason: 'I have to sleep.' },
  });
  const link = 'http://127.0.0.1:4400/runs/run-1';
  expect(handed.told).toMatchObject([{ what: 'handOver', with: { to: root.email, from: null, link } }]);
  const taken = await visit(page, burningWorld(), { form: { intent: 'take', had: root.email } });
  expect(taken.told).toMatchObject([{ what: 'handOver', with: { to: ada.email, from: root.email } }]);
});

test('a note that says nothing is refused beside its form, which keeps what was typed', async () => {
  const { status, text, html } = await visit(page, burningWorld(), { form: { intent: 'note', text: ' a ' } });
  expect(status).toBe(new AppError('bad_input').status);
  expect(text).toContain('Say it in one sentence.');
  expect(html).toMatch(/<textarea[^>]*name="text"[^>]*>\s*a /);
});

test('who only reads is told why they write nothing; an ended run is handed to nobody', async () => {
  const { html } = await visit(page, burningWorld(), { as: 'viewer' });
  expect(html).toMatch(/disabled=""[^>]*title="Viewers read; a responder acts."[^>]*>\s*Add note/);
  expect(html).not.toContain('value="take"');
  const world = burningWorld();
  world.runs[0]!.state = 'done';
  expect((await visit(page, world)).html).not.toContain('value="hand-over"');
});

test('what a step said stands beside it, in the order it said it, and as text', async () => {
  const world = actingWorld();
  const line = (index: number) => ({ step: 'kill-flag', attempt: 1, at: now + index, text: `line ${index} <i>` });
  world.lines = Array.from({ length: 10 }, (_, index) => line(index));
  const { text, html } = await visit(page, world);
  expect(text).toContain('2 earlier lines');
  expect(text.indexOf('line 2 ')).toBeLessThan(text.indexOf('line 9 '));
  expect(html).toContain('line 9 &lt;i&gt;');
});

test('who was handed a run sees it at the top of the list, and counted on every page', async () => {
  const world = burningWorld();
  world.held = [{ id: 'run-1', title: 'Voiceover is burning', state: 'open', incidentId: null }];
  expect((await visit('/runs', world)).text).toContain('In your hands Voiceover is burning');
  expect((await visit('/flags', world)).text).toContain('1 in your hands');
  expect((await visit('/runs', burningWorld())).text).not.toContain('In your hands');
});
