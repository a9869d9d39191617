import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from '#scripts/supervisor/build.ts';
import { type StoredClock, storedClock } from '#scripts/supervisor/clock.ts';
import { playDrill } from '#scripts/supervisor/play.ts';
import type { Child } from '#scripts/supervisor/process.ts';
import { createProgress } from '#scripts/supervisor/progress.ts';
import { ownCatalog, startConsole, startWorld, type World } from '#scripts/supervisor/world.ts';

/** The whole demo for one test file: real PostgreSQL, Unleash, simulator and a built console, on data of its own. */
export interface Studio {
  url: string;
  world: World;
  clock: StoredClock;
  console: Child;
  /** Answers of the simulator's control door. */
  sim(method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown>;
  /** Starts another console process on the same database; its address. */
  secondConsole(): Promise<{ child: Child; url: string }>;
  stop(): Promise<void>;
}

/** Starts a studio and plays the first 45 minutes of `drill`; `quiet` plays nothing. */
export async function startStudio(drill: string): Promise<Studio> {
  ensureBuild(() => undefined);
  const dataDir = mkdtempSync(join(tmpdir(), 'firebreak-e2e-'));
  const historyMs = 45 * 60_000;
  const clock = storedClock(join(dataDir, 'clock.json'), historyMs);
  const world = await startWorld({
    dataDir,
    clock,
    catalog: ownCatalog,
    seed: 'studio',
    port: null,
    log: () => undefined,
    throwaway: true,
  });
  const consoles: Child[] = [];
  const stop = async () => {
    for (const child of consoles) await child.stop(12_000);
    await world.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const console = await startConsole(world.consoleEnv, dataDir);
    consoles.push(console);
    const progress = createProgress(process.stderr);
    const quietProgress = { ...progress, bar: () => undefined, wait: <T>(_: string, run: () => Promise<T>) => run() };
    await playDrill({ world, clock, drill, speed: 1, historyMs, progress: quietProgress });
    return {
      url: world.consoleEnv.FIREBREAK_BASE_URL ?? '',
      world,
      clock,
      console,
      stop,
      async sim(method, path, body) {
        const response = await fetch(`http://127.0.0.1:${world.simulator.http}${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          body: body === undefined ? undefined : JSON.stringify(body),
        });
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
        return text ? JSON.parse(text) : null;
      },
      async secondConsole() {
        const child = await startConsole(
          { ...world.consoleEnv, PORT: '0', FIREBREAK_BASE_URL: '' },
          dataDir,
          `console-${consoles.length + 1}`,
        );
        consoles.push(child);
        return { child, url: String(child.hello.listening) };
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
