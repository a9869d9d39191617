import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { choices } from './choices.ts';
import { startLoad } from './load.ts';
import { quantile, takeOvers, violations } from './soak-findings.ts';
import { createOutside } from './soak-world.ts';

/** Runs of five steps, or minutes for which new ones are opened; `SOAK_SEED` repeats the same choices. */
const wanted = Number(process.env.SOAK_RUNS ?? 300);
const minutes = Number(process.env.SOAK_MINUTES ?? 0);
const seed = Number(process.env.SOAK_SEED ?? 20_261_122);
/** Wall ms between kills: each leaves its steps and targets alone for 10 to 16 s. */
const killEvery = { least: 1_000, spread: 3_500 };
const timeout = 1_800_000 + minutes * 60_000;

test('runs end, whichever console process is killed at whatever moment', { timeout }, async () => {
  const database = await createTestDatabase();
  const outside = await createTestDatabase();
  await createOutside(outside.url);
  const until = Date.now() + minutes * 60_000;
  const more = (opened: number) => (minutes > 0 ? Date.now() < until : opened < wanted);
  const load = await startLoad({ url: database.url, outside: outside.url, seed, atOnce: 60, more });
  const { pool, fleet, people } = load;
  try {
    const killing = choices(seed + 2);
    do {
      await sleep(killEvery.least + killing(killEvery.spread));
      await fleet.killOne(pool, killing);
    } while (!people.failure() && (more(load.opened()) || (await load.look()).left > 0));
    await load.ended();

    const { seconds, fates } = await takeOvers(pool, fleet.kills);
    const count = (recovery: string, fate: string) =>
      fates.filter((one) => one.recovery === recovery && one.fate === fate).length;
    const figure = (share: number) => `${quantile(seconds, share).toFixed(1)} s`;
    const took = ((Date.now() - load.begun) / 60_000).toFixed(1);
    const { confirmed, ...answers } = people.answers;
    process.stdout.write(
      `soak: ${load.opened()} runs of 5 steps in ${took} min, ${fleet.kills.length} processes killed, seed ${seed}\n` +
        `  ${seconds.length} segments taken over: median ${figure(0.5)}, p95 ${figure(0.95)}, max ${figure(1)}\n` +
        `  ${fates.length} effects interrupted: verifiable ${count('verifiable', 'done')} done, ${count('verifiable', 'gave way')} gave way to a stop; ` +
        `idempotent ${count('idempotent', 'done')} done under the same key; ${count('ask', 'asked a person')} asked a person\n` +
        `  people: ${confirmed.length} confirmed, ${JSON.stringify(answers)}\n`,
    );

    expect(await violations(load.world, pool)).toEqual([]);
    expect(await createAuditStore(load.page.db).verify()).toMatchObject({ ok: true });
    expect(fleet.fallen()).toEqual([]);
    const { rows } = await pool.query(`select count(*)::int as count from audit where action = 'step.confirmed'`);
    expect(rows[0].count).toBe(confirmed.length);
    expect(seconds.length).toBeGreaterThan(0);
    // Nobody may say of what cannot be observed that it is done: a person is asked each time.
    const wrong = fates.filter(
      ({ recovery, fate }) => fate === 'open' || (recovery === 'ask' && fate !== 'asked a person'),
    );
    expect(wrong).toEqual([]);
  } finally {
    await load.end();
    await Promise.all([database.drop(), outside.drop()]);
  }
});
