import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { paths } from '../../app/paths.ts';
import { startPostgres } from '../supervisor/postgres.ts';
import { removePostgres } from '../supervisor/postgres-home.ts';
import type { Child } from '../supervisor/process.ts';
import { writeBigCatalog } from './big-catalog.ts';
import { fillBigWorld } from './big-world.ts';
import { emptyRemix } from './empty-remix.ts';
import { exponent, type Figure, inTurn, median, quantile } from './figure.ts';
import { viewPages } from './load.ts';
import { cpuSeconds } from './process-cpu.ts';
import { signInCookie, startBareConsole } from './web-console.ts';

const perSecond = 200;
const browsers = 50;
const seconds = 4;
const rounds = 3;
/** Below what two cores can give, so that CPU a page and waiting are not the same figure. */
const gentle = 40;

interface Server {
  children: Child[];
  origins: string[];
  cookie: string;
}

interface Measured {
  p50: number;
  p95: number;
  cpuMs: number;
  reached: number;
}

/** P1: signed-in overview and incident page of a large organisation, two web processes, against an empty Remix page in two. */
export async function pages(log: (line: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-pages-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined, throwaway: true });
  const children: Child[] = [];
  try {
    const empty: Server = { children: [], origins: [], cookie: '' };
    for (let index = 0; index < 2; index++) {
      const { child, url } = await emptyRemix().start();
      children.push(child);
      empty.children.push(child);
      empty.origins.push(new URL(url).origin);
    }
    const figures: Figure[] = [];
    const sizes: { size: number; cost: number }[] = [];
    for (const services of [2, 20, 200]) {
      log(`${services} services, ${services * 5} SLOs`);
      const catalog = writeBigCatalog(services);
      const databaseUrl = await postgres.ensureDatabase(`bench_${services}`);
      const incident = await fillBigWorld(databaseUrl, catalog);
      const ours: Server = { children: [], origins: [], cookie: '' };
      for (let index = 0; index < 2; index++) {
        const { child, url } = await startBareConsole({ databaseUrl, catalog, logFolder: folder, role: 'web' });
        children.push(child);
        ours.children.push(child);
        ours.origins.push(url);
      }
      ours.cookie = await warmCookie(ours.origins[0]!);
      const full = services === 200;
      const close = full ? openStreams(ours) : () => undefined;
      const overview = { name: 'overview', path: paths.overview() };
      const page = { name: 'incident page', path: paths.incident(incident) };
      for (const { name, path } of full ? [overview, page] : [overview]) {
        const works = (rate: number) => [() => measure(ours, path, rate), () => measure(empty, '/page', rate)];
        // Compiled and cached before anything is counted.
        for (const work of works(rateOf(full))) await work();
        const size = `${services} services, ${services * 5} SLOs`;
        const [mine, theirs] = await inTurn(rounds, works(gentle));
        const cpu = median(mine!.map(({ cpuMs }) => cpuMs));
        const reference = { what: 'empty Remix page', value: median(theirs!.map(({ cpuMs }) => cpuMs)) };
        const work = `${name}, CPU a view, ${size}`;
        const within = full ? cpu / reference.value <= 4 : null;
        figures.push({ id: 'P1', work, unit: 'ms', ours: cpu, reference, reach: full ? '≤ 4×' : '', within });
        if (name === 'overview') sizes.push({ size: services, cost: cpu });
        if (!full) continue;
        const [loaded, bare] = await inTurn(rounds, works(perSecond));
        const p95 = median(loaded!.map((one) => one.p95));
        figures.push({
          id: 'P1',
          work: `${name}, p95 at ${perSecond} views/s, ${browsers} event streams`,
          unit: 'ms',
          ours: p95,
          reference: { what: 'empty Remix page', value: median(bare!.map((one) => one.p95)) },
          reach: '< 100 ms',
          within: p95 < 100 && Math.min(...loaded!.map(({ reached }) => reached)) === 1,
        });
      }
      close();
      for (const child of ours.children) await child.stop(0);
      rmSync(catalog, { recursive: true, force: true });
    }
    figures.push({
      id: 'P1',
      work: 'overview, exponent of CPU over catalog size (2 → 200 services)',
      unit: '',
      ours: exponent(sizes),
      reference: null,
      reach: '< 1',
      within: exponent(sizes) < 1,
    });
    return figures;
  } finally {
    for (const child of children) await child.stop(0);
    await postgres.stop();
    removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Signed in, and with the style sheet cached, as everybody is after a first page. */
async function warmCookie(origin: string): Promise<string> {
  const cookie = await signInCookie(origin);
  const page = await (await fetch(origin, { headers: { cookie } })).text();
  return `${cookie}; styles=${/\/assets\/(app-[\w-]+\.css)/.exec(page)?.[1]}`;
}

const rateOf = (full: boolean) => (full ? perSecond / 2 : gentle);

async function measure({ children, origins, cookie }: Server, path: string, rate: number): Promise<Measured> {
  const before = children.map(({ pid }) => cpuSeconds(pid));
  const { ms, failed } = await viewPages({ origins, paths: [path], cookie, perSecond: rate, seconds });
  await sleep(200);
  const used = children.reduce((sum, { pid }, index) => sum + cpuSeconds(pid) - before[index]!, 0);
  const views = ms.length + failed;
  return { p50: median(ms), p95: quantile(ms, 0.95), cpuMs: (used * 1000) / views, reached: ms.length / views };
}

/** Browsers on the event stream, spread over the processes; returns the way to close them. */
function openStreams({ origins, cookie }: Server): () => void {
  const streams = Array.from({ length: browsers }, (_, index) => {
    const request = get(`${origins[index % origins.length]}${paths.events()}`, { headers: { cookie } }, (response) =>
      response.resume(),
    );
    return request.on('error', () => undefined);
  });
  return () => {
    for (const stream of streams) stream.destroy();
  };
}
