import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../supervisor/postgres.ts';
import { removePostgres } from '../supervisor/postgres-home.ts';
import { root } from '../supervisor/process.ts';
import { startUnleash } from '../supervisor/unleash.ts';
import { ownCatalog } from '../supervisor/world.ts';
import { emptyRemix } from './empty-remix.ts';
import { type Figure, inTurn, median } from './figure.ts';
import { startBareConsole } from './web-console.ts';

const rounds = 5;

/** P6: process start to ready with a warm database, and the demo's way to its first page on a new data folder. */
export async function start(log: (line: string) => void): Promise<Figure[]> {
  return [await ready(), await demo(log)];
}

async function ready(): Promise<Figure> {
  const folder = newFolder();
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined, throwaway: true });
  try {
    const databaseUrl = await postgres.ensureDatabase('bench');
    const ours = async () => {
      const begin = performance.now();
      const { child, url } = await startBareConsole({
        databaseUrl,
        catalog: ownCatalog,
        logFolder: folder,
        role: 'all',
      });
      await answers(`${url}/ready`);
      const took = performance.now() - begin;
      await child.stop(0);
      return took;
    };
    const empty = async () => {
      const begin = performance.now();
      const { child, url } = await emptyRemix().start();
      await answers(url);
      const took = performance.now() - begin;
      await child.stop(1_000);
      return took;
    };
    await empty();
    // The first start migrates and fills the database.
    await ours();
    const [mine, bare] = (await inTurn(rounds, [ours, empty])).map(median) as [number, number];
    return {
      id: 'P6',
      work: 'process start to /ready, warm database',
      unit: 'ms',
      ours: mine,
      reference: { what: 'empty Remix server', value: bare },
      reach: '< 1,500 ms',
      within: mine < 1_500,
    };
  } finally {
    await postgres.stop();
    removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `npm run demo` as it is after an installation and a build, and what it cannot do without. */
async function demo(log: (line: string) => void): Promise<Figure> {
  const ours = async () => {
    const folder = newFolder();
    log('a demo on a new data folder');
    const begin = performance.now();
    const child = await startDemo(folder);
    const took = performance.now() - begin;
    await child.stop();
    removePostgres(join(folder, 'data', 'postgres'));
    rmSync(folder, { recursive: true, force: true });
    return took;
  };
  const bare = async () => {
    const folder = newFolder();
    log('PostgreSQL and Unleash alone');
    const begin = performance.now();
    const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined });
    const databaseUrl = await postgres.ensureDatabase('unleash');
    const unleash = await startUnleash({ databaseUrl, dataDir: join(folder, 'unleash'), log: () => undefined });
    const took = performance.now() - begin;
    await unleash.stop();
    await postgres.stop();
    removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
    return took;
  };
  const [mine, theirs] = (await inTurn(2, [ours, bare])).map((times) => median(times) / 1000) as [number, number];
  return {
    id: 'P6',
    work: '`npm run demo` to its first page, new data folder',
    unit: 's',
    ours: mine,
    reference: { what: 'PostgreSQL + Unleash alone', value: theirs },
    reach: '< 15 s',
    within: mine < 15,
  };
}

/** Runs the demo's script until it has printed its address and that answers. */
async function startDemo(folder: string): Promise<{ stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(root, 'scripts', 'demo.ts'), '--data', join(folder, 'data')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const url = await Promise.race([
    ended.then(() => null),
    (async () => {
      let out = '';
      for await (const chunk of child.stdout) {
        out += chunk;
        const found = /Firebreak is up:\s+(\S+)\n/.exec(out);
        if (found) return found[1]!;
      }
      return null;
    })(),
  ]);
  if (url === null) throw new Error(`The demo ended before it was up:\n${said}`);
  child.stdout.resume();
  await answers(`${url}/sign-in`);
  return { stop };
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      .then(async (response) => {
        await response.arrayBuffer();
        return response.ok;
      })
      .catch(() => false);
    if (ok) return;
    await sleep(10);
  }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-start-'));
  // The database's own account has to reach its data.
  chmodSync(folder, 0o755);
  return folder;
}
