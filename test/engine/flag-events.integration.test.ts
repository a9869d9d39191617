import { expect, test } from 'vitest';
import type { UnleashRead } from '#app/clients/unleash/port.ts';
import { flagEventsTask } from '#app/engine/world/flags.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { ownHand } from '#app/stores/run/own-hand.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { insertRun } from '#test/support/run-rows.ts';

const start = Date.UTC(2026, 2, 2, 3, 0);
const clock = manualClock(start);
const silent = async () => undefined;
const database = testDatabase();

/** A change of `flag` in production, a kill unless said, that Ada confirmed, from its intent to its outcome. */
async function killed(
  flag: string,
  intentAt: number,
  outcomeAt: number,
  { uses = 'flag.kill', after = {} }: { uses?: string; after?: object } = {},
): Promise<void> {
  const confirmed = JSON.stringify({ email: 'ada@studio.example', name: 'Ada', role: 'responder', teams: [] });
  const step = { uses, plan: { target: `flag/production/${flag}`, after }, confirmed_by: confirmed };
  await insertRun(database.db, { id: flag }, step);
  await database.db
    .insertInto('step_attempt')
    .values({
      run_id: flag,
      step_id: 'kill',
      attempt: 1,
      direction: 'apply',
      key: `${flag}/kill/apply/1`,
      epoch: 1,
      intent_at: intentAt,
      intent: '{}',
      outcome_at: outcomeAt,
      outcome: '{}',
    })
    .execute();
}

test('what Firebreak did stands under the name of whoever confirmed it, what others did under theirs', async () => {
  await killed('voiceover-v2', start, start + 300);
  await killed('defined', start, start + 300, {
    uses: 'flag.define',
    after: { flag: 'defined', writes: [{ kind: 'create', begins: [{ environment: 'development', strategies: [] }] }] },
  });
  const events = [
    ['voiceover-v2', 100],
    ['voiceover-v2', 60_000],
    ['another-flag', 100],
    ['defined', 100, 'feature-revived', null],
    ['defined', 200, 'feature-strategy-add', 'development'],
    // What a file puts back begins nothing in staging: somebody else did that in the same moment.
    ['defined', 200, 'feature-environment-enabled', 'staging'],
    // A kill says nothing of what the flag is everywhere.
    ['voiceover-v2', 200, 'feature-revived', null],
  ].map(([flag, later, type = 'feature-environment-disabled', environment = 'production'], index) => ({
    ...{ id: index + 1, type, flag, environment },
    createdAt: start + Number(later),
    createdBy: 'admin',
    before: null,
    after: null,
    data: null,
    preData: null,
  }));
  const changes = createChangeStore(database.db, clock.now, silent);
  const task = flagEventsTask({
    unleash: { events: async () => events } as unknown as UnleashRead,
    observations: createObservationStore(database.db),
    changes,
    cursors: createCursorStore(database.db),
    catalog: async () => null,
    clock,
    notify: silent,
    ownHand: (of, at) => ownHand(database.db, of, at),
  });
  await task.run(new AbortController().signal);
  const who = (await changes.recent({ limit: 10 })).map(({ target, at, actor }) => [target, at - start, actor]);
  expect(who).toHaveLength(7);
  expect(who).toContainEqual(['voiceover-v2', 100, 'Ada, through Firebreak']);
  expect(who).toContainEqual(['voiceover-v2', 60_000, 'admin']);
  expect(who).toContainEqual(['another-flag', 100, 'admin']);
  expect(who).toContainEqual(['defined', 100, 'Ada, through Firebreak']);
  expect(who).toContainEqual(['defined', 200, 'Ada, through Firebreak']);
  expect(who).toContainEqual(['defined', 200, 'admin']);
  expect(who).toContainEqual(['voiceover-v2', 200, 'admin']);
});
