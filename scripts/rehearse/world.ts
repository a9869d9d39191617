import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { fileClock } from '#app/platform/clock-file.ts';
import { type Db, openDb } from '#app/platform/db.server.ts';
import { createLog } from '#app/platform/log.ts';
import { createNotices } from '#app/platform/notify.server.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { type AllStores, createStores } from '#app/stores/create-stores.server.ts';
import { createBoss, startBoss } from '#app/stores/run/run-queue.server.ts';
import { type StoredClock, storedClock } from '../supervisor/clock.ts';
import { startConsole, startWorld, type World } from '../supervisor/world.ts';
import { giveAccounts } from './accounts.ts';
import { standIns } from './endpoints.ts';

/** A simulated world with the real console process in it, and the stores that its people act through. */
export interface RehearsalWorld {
  world: World;
  clock: StoredClock;
  stores: AllStores;
  /** Lets these people be who the story says they are. */
  people(people: readonly Actor[]): Promise<void>;
  /** Asks the simulator's control door. Throws with what it says. */
  sim(path: string, body?: unknown): Promise<unknown>;
  /** Folder with the logs of its processes. */
  folder: string;
  stop(): Promise<void>;
}

/** The world begins this far behind the wall clock, data ms; it overtakes it soon. */
const behindMs = 60 * 60_000;

/** Data ms per wall ms while nobody has to wait for anything: SDKs, engine and Unleash keep up with it. */
export const usualSpeed = 60;

/** Builds the world of a catalog in a folder of its own, with PostgreSQL, Unleash, simulator and console, and waits until SLOs are evaluated. */
export async function startRehearsalWorld(options: {
  /** Folder of the catalog, and the catalog in it. */
  catalog: string;
  declared: Catalog;
  seed: string;
  log: (line: string) => void;
}): Promise<RehearsalWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-rehearsal-'));
  const stops: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const one of stops.splice(0).reverse())
      await one().catch((error: Error) => options.log(`stopping: ${error.message}`));
  };
  try {
    const clock = storedClock(join(folder, 'clock.json'), behindMs);
    const world = await startWorld({
      ...options,
      dataDir: folder,
      clock,
      port: null,
      throwaway: true,
      simulatorEnv: { SIM_SDK_SPEED: String(usualSpeed) },
    });
    stops.push(world.stop);
    const { env } = standIns(options.declared, `http://127.0.0.1:${world.simulator.http}`);
    const console = await startConsole({ ...env, ...world.consoleEnv, TICKET_ENDPOINT: '' }, folder);
    stops.push(() => console.stop(12_000));
    const { stores, db } = await openStores(world, clock, stops);
    clock.run(usualSpeed);
    return {
      world,
      clock,
      stores,
      folder,
      stop,
      people: (people) => giveAccounts(db, people),
      async sim(path, body) {
        const response = await fetch(`http://127.0.0.1:${world.simulator.http}/sim/${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { 'content-type': 'application/json' },
          body: body === undefined ? undefined : JSON.stringify(body),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`The simulator refused ${path}: ${text}`);
        return text ? JSON.parse(text) : null;
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The stores of another process beside the console's: what people do goes the way that it goes from a page. */
async function openStores(
  world: World,
  clock: StoredClock,
  stops: (() => Promise<unknown>)[],
): Promise<{ stores: AllStores; db: Db }> {
  const log = createLog('silent', createRedactor());
  const onError = () => undefined;
  const data = fileClock(clock.path);
  const handle = openDb(world.databaseUrl, { max: 4, onError });
  const notices = await createNotices(world.databaseUrl, handle.db, log);
  const boss = createBoss({ url: world.databaseUrl, supervise: false, connections: 2, onError });
  await startBoss(boss);
  stops.push(async () => {
    await boss.stop({ graceful: false });
    await notices.stop();
    await handle.close();
    data.close();
  });
  const { db } = handle;
  const redact = (text: string) => text;
  const stores = createStores({ db, notices, clock: data, boss, mode: 'act', environment: 'production', redact });
  return { stores, db };
}
