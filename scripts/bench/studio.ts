import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoredClock, storedClock } from '../supervisor/clock.ts';
import { playDrill } from '../supervisor/play.ts';
import { removePostgres } from '../supervisor/postgres-home.ts';
import type { Child } from '../supervisor/process.ts';
import { createProgress } from '../supervisor/progress.ts';
import { ownCatalog, startConsole, startWorld, type World } from '../supervisor/world.ts';

/** The demo on data of its own, in the midst of its first incident. */
export interface BenchStudio {
  url: string;
  world: World;
  clock: StoredClock;
  /** Posts to the simulator's control door. */
  sim(path: string, body: unknown): Promise<void>;
  stop(): Promise<void>;
}

const historyMs = 45 * 60_000;

/** Starts a studio whose bad flag has been on for 44 minutes. */
export async function startBenchStudio(log: (line: string) => void): Promise<BenchStudio> {
  const dataDir = mkdtempSync(join(tmpdir(), 'firebreak-bench-studio-'));
  chmodSync(dataDir, 0o755);
  const clock = storedClock(join(dataDir, 'clock.json'), historyMs);
  log('starting a studio with a bad flag');
  const world = await startWorld({
    dataDir,
    clock,
    catalog: ownCatalog,
    seed: 'studio',
    port: null,
    log: () => undefined,
    throwaway: true,
  });
  let console: Child | null = null;
  const stop = async () => {
    await console?.stop(0);
    await world.stop();
    removePostgres(join(dataDir, 'postgres'));
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    console = await startConsole(world.consoleEnv, dataDir);
    const quiet = { ...createProgress(process.stderr), bar: () => undefined };
    const progress = { ...quiet, wait: <T>(_: string, run: () => Promise<T>) => run() };
    await playDrill({ world, clock, drill: 'bad-flag', speed: 1, historyMs, progress });
    return {
      url: world.consoleEnv.FIREBREAK_BASE_URL ?? '',
      world,
      clock,
      stop,
      async sim(path, body) {
        const response = await fetch(`http://127.0.0.1:${world.simulator.http}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
