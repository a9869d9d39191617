import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, test } from 'vitest';
import { fileClock } from '#app/platform/clock-file.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { ada, startProcess } from '../engine/harness.ts';
import { startFleet } from './kills.ts';
import { startPeople } from './simulated-people.ts';
import { quantile, takeOvers, violations } from './soak-findings.ts';
import { createSoakWorld, sharedFlags, soakBooks, soakCatalog } from './soak-world.ts';

/** Runs of five steps, or minutes for which new ones are opened; `SOAK_SEED` repeats the same choices. */
const wanted = Number(process.env.SOAK_RUNS ?? 300);
const minutes = Number(process.env.SOAK_MINUTES ?? 0);
const seed = Number(process.env.SOAK_SEED ?? 20_261_122);
/** Data ms per wall ms: a run whose change could still be undone ends within seconds. */
const speed = 120;
/** Runs that have not ended, at most. */
const atOnce = 60;
/** Wall ms between kills: each leaves its steps and targets alone for 10 to 16 s. */
const killEvery = { least: 1_000, spread: 3_500 };

test('runs end, whichever console process is killed at whatever moment', {
  timeout: 1_800_000 + minutes * 60_000,
}, async () => {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-soak-'));
  const clockFile = join(folder, 'clock.json');
  const begun = Date.now();
  writeFileSync(clockFile, JSON.stringify({ segments: [{ wall: begun, data: begun, speed }] }));
  const clock = fileClock(clockFile);
  const pool = new pg.Pool({ connectionString: database.url, max: 8 });
  await createSoakWorld(pool);
  const page = await startProcess({ url: database.url, actions: [], catalog: soakCatalog, clock, engine: false });
  const choose = choices(seed);
  const fleet = await startFleet(database.url, clockFile, 3);
  const people = startPeople(page, pool, choices(seed + 1));
  let opened = 0;
  let ended = 0;

  const openMore = () => (minutes > 0 ? Date.now() < begun + minutes * 60_000 : opened < wanted);
  const look = async () => {
    const { rows } = await pool.query<{ over: number; left: number }>(
      `select count(*) filter (where state = 'done') as over, count(*) filter (where exists (select 1 from run_step s
         where s.run_id = run.id and s.state not in ('succeeded', 'skipped', 'undone'))) as left from run`,
    );
    ended = Number(rows[0]!.over);
    return Number(rows[0]!.left);
  };
  const opening = (async () => {
    while (openMore() && !people.failure()) {
      if ((await look()) >= atOnce) {
        await sleep(200);
        continue;
      }
      const books = Object.keys(soakBooks);
      const inputs = { flag: sharedFlags[choose(sharedFlags.length)]!, number: String(++opened) };
      await page.runs.openRun({ template: books[choose(books.length)]!, inputs, incidentId: null, service: null }, ada);
    }
  })();
  try {
    const killing = choices(seed + 2);
    do {
      await sleep(killEvery.least + killing(killEvery.spread));
      await fleet.killOne(pool, killing);
    } while (!people.failure() && (openMore() || (await look()) > 0));
    await opening;
    expect(people.failure()).toBeNull();
    // What can still be undone ends half an hour later, on the clock of the data.
    await expect.poll(async () => [await look(), ended], { timeout: 120_000, interval: 1_000 }).toEqual([0, opened]);
    await people.stop();

    const { seconds, fates } = await takeOvers(pool, fleet.kills);
    const count = (recovery: string, fate: string) =>
      fates.filter((one) => one.recovery === recovery && one.fate === fate).length;
    const figure = (share: number) => `${quantile(seconds, share).toFixed(1)} s`;
    process.stdout.write(
      `soak: ${opened} runs of 5 steps in ${((Date.now() - begun) / 60_000).toFixed(1)} min, ${fleet.kills.length} processes killed, seed ${seed}\n` +
        `  ${seconds.length} segments taken over: median ${figure(0.5)}, p95 ${figure(0.95)}, max ${figure(1)}\n` +
        `  ${fates.length} effects interrupted: verifiable ${count('verifiable', 'done')} done, ${count('verifiable', 'gave way')} gave way to a stop; ` +
        `idempotent ${count('idempotent', 'done')} done under the same key; ${count('ask', 'asked a person')} asked a person\n` +
        `  people: ${JSON.stringify(people.answers)}\n`,
    );

    expect(await violations(pool)).toEqual([]);
    expect(await createAuditStore(page.db).verify()).toMatchObject({ ok: true });
    expect(fleet.fallen()).toEqual([]);
    const { rows } = await pool.query(`select count(*)::int as count from audit where action = 'step.confirmed'`);
    expect(rows[0].count).toBe(people.answers.confirmed);
    expect(seconds.length).toBeGreaterThan(0);
    // Nobody may say of what cannot be observed that it is done: a person is asked each time.
    const wrong = fates.filter(
      ({ recovery, fate }) => fate === 'open' || (recovery === 'ask' && fate !== 'asked a person'),
    );
    expect(wrong).toEqual([]);
  } finally {
    await fleet.end();
    await people.stop().catch(() => undefined);
    await page.stop();
    await pool.end();
    clock.close();
    await database.drop();
    rmSync(folder, { recursive: true });
  }
});

/** Whole numbers under the argument, the same row for the same seed (mulberry32). */
function choices(from: number): (count: number) => number {
  let state = from >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  };
}
