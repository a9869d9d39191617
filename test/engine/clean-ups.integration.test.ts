import { beforeEach, expect, test } from 'vitest';
import type { FlagDeclaration, FlagState } from '#app/domain/flag/flag.ts';
import { followCleanUps } from '#app/engine/follow-clean-ups.server.ts';
import { manualClock } from '#app/platform/clock.ts';
import { createFollowUpStore } from '#app/stores/follow-ups.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { flagInUnleash } from '#test/support/flags.ts';
import { ada, catalogOf } from './harness.ts';

const day = 86_400_000;
const start = Date.parse('2026-11-22T03:26:00Z');
const silent = async () => undefined;
const catalog = catalogOf([]);
const clock = manualClock(start);
const database = testDatabase({ each: true, max: 2 });
let flags: FlagState[];
let readAt: number;
let declared: FlagDeclaration;

beforeEach(async () => {
  clock.set(start);
  readAt = start;
  declared = { ...catalog.flags[0]!, expires: '2027-03-31' };
  flags = [state('voiceover-v2', 25)];
});

function state(flag: string, percent: number): FlagState {
  const parameters = { rollout: String(percent), stickiness: 'default', groupId: flag };
  const strategy = { id: 's', name: 'flexibleRollout', parameters, constraints: [], segments: [], variants: [] };
  const environments = [{ flag, environment: 'production', enabled: true, strategies: [strategy] }];
  return flagInUnleash(flag, { createdAt: start - 90 * day, lastSeenAt: start, environments });
}

const followUps = () => createFollowUpStore(database.db, silent, silent);
const run = (changedAt: number | null = null) =>
  followCleanUps({
    ...{ db: database.db, clock, notify: silent, environment: 'production' },
    catalog: async () => ({ ...catalog, flags: [declared] }),
    observations: { get: async () => ({ value: flags as never, at: readAt, error: null, errorAt: null }) },
    changes: {
      lastOfFlags: async () => (changedAt === null ? [] : ([{ target: 'voiceover-v2', at: changedAt }] as never)),
    },
  })();

test('a flag in its time leaves nothing to do', async () => {
  await run();
  expect(await followUps().open()).toEqual([]);
});

test('an expired one is left to its owner once, with what to do, and is cleared by itself', async () => {
  declared.expires = '2026-11-01';
  await run();
  clock.advance(day);
  readAt = clock.now();
  flags[0]!.lastSeenAt = clock.now();
  await run();
  const open = await followUps().open();
  expect(open).toMatchObject([
    {
      kind: 'flag-cleanup',
      owner: 'voice',
      dueAt: start + 14 * day,
      title: expect.stringMatching(/^Clean up voiceover-v2: It expired on 2026-11-01\. Then .* archive it in Unleash/),
    },
  ]);
  declared.expires = '2027-11-01';
  await run();
  expect(await followUps().open()).toEqual([]);
  expect((await followUps().recent(5))[0]).toMatchObject({ clearedBy: 'Firebreak' });
  // Nobody has asked for a rest: what is so again is said again.
  declared.expires = '2026-11-01';
  await run();
  expect(await followUps().open()).toHaveLength(1);
});

test('what everybody or nobody gets for a month is decided', async () => {
  flags = [state('voiceover-v2', 100)];
  await run(start - 29 * day);
  expect(await followUps().open()).toEqual([]);
  await run(start - 31 * day);
  expect((await followUps().open())[0]!.title).toContain('Everybody in production gets it');
  flags[0]!.environments[0]!.enabled = false;
  await run(start - 31 * day);
  expect((await followUps().open()).map(({ title }) => title)).toEqual([
    expect.stringContaining('Nobody in production gets it'),
  ]);
  // A kill switch waits for its day.
  declared.type = 'kill-switch';
  await run(start - 31 * day);
  expect(await followUps().open()).toEqual([]);
});

test('cleared by hand it rests for a month; an old reading opens and clears nothing', async () => {
  declared.expires = '2026-11-01';
  await run();
  const [open] = await followUps().open();
  await followUps().clear(open!.id, ada, clock.now());
  await run();
  expect(await followUps().open()).toEqual([]);
  clock.advance(31 * day);
  await run();
  expect(await followUps().open()).toEqual([]);
  readAt = clock.now();
  await run();
  expect(await followUps().open()).toHaveLength(1);
});
