import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase } from '#test/support/database.ts';
import { insertRun } from '#test/support/run-rows.ts';
import { catalogOf, startProcess, type TestProcess } from './harness.ts';

const database = testDatabase({ each: true });
let at: TestProcess;

beforeEach(async () => {
  at = await startProcess({ url: database.url, actions: [], catalog: catalogOf([]) });
});
afterEach(async () => {
  await at.stop();
});

const target = 'flag/production/voiceover-v2';

/** An open run whose one step is over since `endedAt`, in the order of `index`. */
async function ended(index: number, step: { captured: string | null; endedAt: number; incident?: string }) {
  const id = `run-${String(index).padStart(4, '0')}`;
  const run = { id, incident_id: step.incident ?? null, opened_at: index };
  const over = { plan: { target }, captured: step.captured, confirmed_at: index, ended_at: step.endedAt };
  return insertRun(at.db, run, over);
}

test('runs that cannot end yet do not keep newer ones from ending', async () => {
  const now = Date.now();
  const incident = { id: 'open', title: 'Open', status: 'open' as const, opened_at: 1, children: '[]' };
  await at.db.insertInto('incident').values(incident).execute();
  const waiting = [];
  for (let index = 0; index < 60; index++) {
    const young = index % 2 === 0;
    const step = { captured: '"on"', endedAt: young ? now : 1, ...(young ? {} : { incident: 'open' }) };
    waiting.push(await ended(index, step));
  }
  const nothingToUndo = await ended(100, { captured: null, endedAt: now });
  const longAgo = await ended(101, { captured: '"on"', endedAt: now - 31 * 60_000 });
  const state = async (id: string) => (await at.runs.get(id))?.state;
  for (const id of [nothingToUndo, longAgo]) await expect.poll(() => state(id), { timeout: 15_000 }).toBe('done');
  expect(await state(waiting[0]!)).toBe('open');
  expect(await state(waiting[1]!)).toBe('open');
});

test('what the last kill of a flag captured is found behind any number of other runs', async () => {
  const asked = { target, uses: 'flag.kill', runId: null, notIn: 'run-own' };
  expect(await at.runs.captured(asked)).toBeNull();
  const first = await ended(1, { captured: '"25 %"', endedAt: 1 });
  const second = await ended(2, { captured: '"50 %"', endedAt: 2 });
  for (let index = 3; index < 120; index++) await ended(index, { captured: null, endedAt: index });
  expect((await at.runs.captured(asked))?.state).toBe('50 %');
  expect((await at.runs.captured({ ...asked, runId: first }))?.state).toBe('25 %');
  expect((await at.runs.captured({ ...asked, notIn: second }))?.state).toBe('25 %');
  expect(await at.runs.captured({ ...asked, target: 'flag/development/voiceover-v2' })).toBeNull();
});
