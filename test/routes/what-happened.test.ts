import { expect, test } from 'vitest';
import { visit } from '../support/pages/visit.ts';
import { now } from '../support/pages/world.ts';
import { actingWorld, verifiedWorld } from '../support/pages/worlds.ts';

test('the story of an incident, as a file', async () => {
  const world = verifiedWorld();
  world.catalog!.timeZone = 'Europe/Zurich';
  world.audit = [
    {
      ...{
        seq: 1,
        at: now - 30 * 60_000 - 20_000,
        actor: 'ada@studio.example',
        action: 'step.confirmed',
        address: null,
      },
      ...{ target: 'flag/production/voiceover-v2', runId: 'run-1', stepId: 'kill-flag', before: null, after: null },
      ...{ reason: 'It began with the flag.', prev: '', hash: '' },
    },
  ];
  const { status, headers, html } = await visit('/incidents/inc-1/what-happened', world);
  expect([status, headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
  expect(headers.get('content-disposition')).toBe('attachment; filename="what-happened-inc-1.md"');
  await expect(html).toMatchFileSnapshot('what-happened.golden.md');
  expect((await visit('/incidents/inc-1/what-happened', world)).html).toBe(html);
});

test('names people, and tells once what the timeline of the incident tells already', async () => {
  const world = verifiedWorld();
  const run = world.runs[0]!;
  run.openedBy = 'ada@studio.example';
  const line = { ...{ at: now - 60_000, target: 'flag/production/voiceover-v2', runId: 'run-1', stepId: 'kill-flag' } };
  const rest = { ...line, address: null, before: null, after: null, prev: '', hash: '' };
  world.audit = [
    { ...rest, seq: 1, actor: 'ada@studio.example', action: 'step.by-hand', reason: 'done by hand by Ada Byron: off' },
    { ...rest, seq: 2, actor: 'ada@studio.example', action: 'step.break-glass', reason: 'nobody answers' },
    { ...rest, seq: 3, actor: 'linus@studio.example (key ci)', action: 'approval.given', reason: null },
  ];
  world.timeline.push(
    { at: line.at, kind: 'run', text: 'By hand: it is off. off', actor: 'Ada Byron', href: null },
    {
      at: line.at,
      kind: 'run',
      text: 'Ada Byron broke the glass: kill. nobody answers',
      actor: 'Ada Byron',
      href: null,
    },
  );
  const { html } = await visit('/incidents/inc-1/what-happened', world);
  expect(html).not.toContain('@studio.example');
  expect(html).toContain('Linus Pauling (key ci)');
  expect(html).toContain('by Ada Byron, ended');
  const story = html.slice(html.indexOf('## Timeline'), html.indexOf('## What was done'));
  expect(story.match(/by hand/gi)).toHaveLength(1);
  expect(story.match(/glass/gi)).toHaveLength(1);
});

test('the story of a run alone tells what people wrote on it', async () => {
  const world = actingWorld();
  const ada = { name: 'Ada Byron', email: 'ada@studio.example' };
  world.notes = [{ id: 1, at: now, kind: 'note', text: '# told @vendor\n<script>', by: ada, to: null, step: null }];
  world.lines = [{ step: 'kill-flag', attempt: 1, at: now, text: '```' }];
  const { html } = await visit('/runs/run-1/what-happened', world);
  expect(html).toContain('| Ada Byron | \\# told @\u2060vendor \\<script\\> |');
  expect(html).toMatch(/\*\*Said while it ran\*\*\n\n````\n\d\d:\d\d:\d\d ```\n````/);
  expect(html).toContain('- Seen at');
});

test('there is no story of what is not there', async () => {
  for (const path of ['/incidents/none/what-happened', '/runs/none/what-happened'])
    expect((await visit(path, verifiedWorld())).status).toBe(404);
});

test('the pages of an incident and of a run lead to their stories; the incident says who has the run', async () => {
  const world = actingWorld();
  world.runs[0]!.assignee = { name: 'Root', email: 'root@studio.example' };
  const incident = await visit('/incidents/inc-1', world);
  expect(incident.html).toContain('href="/incidents/inc-1/what-happened"');
  expect(incident.text).toMatch(/What is being done Root has Voiceover is burning its error budget now\./);
  expect((await visit('/runs/run-1', world)).html).toContain('href="/runs/run-1/what-happened"');
});
