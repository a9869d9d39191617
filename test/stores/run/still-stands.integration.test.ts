import { expect, test } from 'vitest';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { stillStands } from '#app/stores/run/still-stands.server.ts';
import { testDatabase } from '#test/support/database.ts';
import { insertRun } from '#test/support/run-rows.ts';

const database = testDatabase();

const effectAt = 1_000_000;

/** A kill in this state whose effect came at `effectAt`, null when it has not yet. */
async function killed(id: string, state: 'verifying' | 'succeeded', effect: number | null): Promise<string> {
  const plan = {
    target: `flag/production/${id}`,
    after: { flag: id, environment: 'production', safe: { state: 'off' } },
  };
  return insertRun(
    database.db,
    { id },
    { state, plan, confirmed_at: effectAt - 10, effect_at: effect, ended_at: state === 'succeeded' ? effect : null },
  );
}

async function seenOn(flag: string, at: number): Promise<void> {
  const environments = [{ environment: 'production', flag, enabled: true, strategies: [{ name: 'default' }] }];
  await createObservationStore(database.db).saw('unleash', 'flags', [{ flag, environments }], at);
}

// In the order of their times: an older observation never replaces a newer one.
test.each([
  ['verified', 'succeeded', effectAt, effectAt, true],
  ['verified', 'succeeded', effectAt, effectAt + 1, false],
  ['verifying', 'verifying', effectAt, effectAt + 2, false],
  ['verifying and not yet in effect', 'verifying', null, effectAt + 3, true],
] as const)(
  'a kill that is %s (%s, effect at %s), where the flag is seen on at %s, stands: %s',
  async (_name, state, effect, at, stands) => {
    const flag = await killed(`flag-${state}-${effect}-${at}`, state, effect);
    await seenOn(flag, at);
    const newest = await createObservationStore(database.db).get('unleash', 'flags');
    await createObservationStore(database.db).saw('unleash', 'flags', newest.value, at);
    expect(await stillStands(database.db, flag, 'kill')).toBe(stands);
  },
);

test('a kill stands though a later run put back what the file says of its flag; another that turned it does not let it stand', async () => {
  const plan = { target: 'flag/production/told', after: { flag: 'told', environment: 'production' } };
  const later = (id: string, uses: string) =>
    insertRun(database.db, { id }, { uses, plan, state: 'succeeded', confirmed_at: effectAt, ended_at: effectAt });
  const kill = await killed('told', 'succeeded', effectAt + 100);
  await later('defined', 'flag.define');
  expect(await stillStands(database.db, kill, 'kill')).toBe(true);
  await later('exposed', 'flag.expose');
  expect(await stillStands(database.db, kill, 'kill')).toBe(false);
});
