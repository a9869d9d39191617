import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect } from 'vitest';
import { fileClock } from '#app/platform/clock-file.ts';
import { ada, startProcess } from '../engine/harness.ts';
import { choices } from './choices.ts';
import { startFleet } from './kills.ts';
import { isOutage, startPeople } from './simulated-people.ts';
import { noteClaims, sharedFlags, soakBooks, soakCatalog } from './soak-world.ts';

/** Data ms per wall ms: a run whose change could still be undone ends within seconds. */
const speed = 120;

/**
 * Three console processes over one database, simulated people, and runs of five steps that are opened as long as `more`
 * says, at most `atOnce` of them at a time. `outside` is the URL of the database that plays the outside world.
 */
export async function startLoad({
  url,
  outside,
  seed,
  atOnce,
  more,
}: {
  url: string;
  outside: string;
  seed: number;
  atOnce: number;
  more(opened: number): boolean;
}) {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-load-'));
  const clockFile = join(folder, 'clock.json');
  const begun = Date.now();
  writeFileSync(clockFile, JSON.stringify({ segments: [{ wall: begun, data: begun, speed }] }));
  const clock = fileClock(clockFile);
  const pool = patientPool(url);
  const world = patientPool(outside);
  await noteClaims(pool);
  const page = await startProcess({ url, actions: [], catalog: soakCatalog, clock, engine: false });
  const fleet = await startFleet({ url, outside, clockFile, size: 3 });
  const people = startPeople(page, pool, world, choices(seed + 1));
  const choose = choices(seed);
  const books = Object.keys(soakBooks);
  let opened = 0;

  /** Runs that have not ended, and those of them with a step that is not over. */
  async function look(): Promise<{ open: number; left: number }> {
    const { rows } = await pool.query<{ open: number; left: number }>(
      `select count(*) filter (where state <> 'done')::int as open, count(*) filter (where exists (select 1 from run_step s
         where s.run_id = run.id and s.state not in ('succeeded', 'skipped', 'undone')))::int as left from run`,
    );
    return rows[0]!;
  }

  async function openOne(): Promise<void> {
    const inputs = { flag: sharedFlags[choose(sharedFlags.length)]!, number: String(opened + 1) };
    const template = books[choose(books.length)]!;
    await page.runs.openRun({ template, inputs, incidentId: null, service: null }, ada);
    opened += 1;
  }

  const opening = (async () => {
    while (more(opened) && !people.failure()) {
      try {
        if ((await look()).left < atOnce) await openOne();
        else await sleep(200);
      } catch (error) {
        if (!isOutage(error)) throw error;
        await sleep(200);
      }
    }
  })();

  return {
    begun,
    pool,
    world,
    page,
    fleet,
    people,
    look,
    opened: () => opened,
    /** Resolves when every run has ended: what can still be undone ends half an hour later, on the clock of the data. */
    async ended() {
      await opening;
      await expect
        .poll(async () => ({ failure: people.failure(), ...(await look()) }), { timeout: 300_000, interval: 1_000 })
        .toEqual({ failure: null, left: 0, open: 0 });
      await people.stop();
    },
    async end() {
      await people.stop().catch(() => undefined);
      await fleet.end();
      await page.stop();
      await Promise.all([pool.end(), world.end()]);
      clock.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function patientPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 6 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
