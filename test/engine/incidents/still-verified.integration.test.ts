import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertRun } from '#test/support/run-rows.ts';
import { type Harness, startHarness } from './harness.ts';

let at: Harness;
beforeEach(async () => {
  at = await startHarness();
});
afterEach(() => at.stop());

test('resolved while a verification runs: the timeline says so, and until when; what people do is none', async () => {
  await at.apply(at.verdict('voiceover-availability', 'page-fast'));
  const id = (await at.incidents.open())[0]?.id ?? '';
  const verification = JSON.stringify({ deadline: at.clock.now() + 20 * 60_000 });
  const step = { state: 'verifying' as const, verification };
  await insertRun(
    at.deps.db,
    { id: 'kill', incident_id: id },
    { ...step, plan: { title: 'Bring voiceover-v2 to off' } },
  );
  await insertRun(at.deps.db, { id: 'wait', incident_id: id }, { ...step, kind: 'people', plan: { title: 'Wait' } });
  await insertRun(at.deps.db, { id: 'done', incident_id: id }, { plan: { title: 'An older change' } });
  at.clock.advance(8 * 60_000);
  await at.apply(at.verdict('voiceover-availability', null));
  const until = new Date(at.clock.now() + 12 * 60_000).toISOString().slice(11, 16);
  expect((await at.incidents.timeline(id)).find((entry) => entry.kind === 'resolve')?.text).toBe(
    'Resolved: nothing burns at a page tier any more. ' +
      `Not yet proven: the verification of “Bring voiceover-v2 to off” still runs until ${until} UTC at the latest.`,
  );
});
