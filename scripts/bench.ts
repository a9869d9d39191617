import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { confirm } from './bench/confirm.ts';
import { cycle } from './bench/cycle.ts';
import type { Figure } from './bench/figure.ts';
import { kill } from './bench/kill.ts';
import { pages } from './bench/pages.ts';
import { phone } from './bench/phone.ts';
import { runbooks } from './bench/runbooks.ts';
import { runs } from './bench/runs.ts';
import { start } from './bench/start.ts';
import { type BenchStudio, startBenchStudio } from './bench/studio.ts';
import { table } from './bench/table.ts';
import { told } from './bench/told.ts';
import { verify } from './bench/verify.ts';
import { ensureBuild } from './supervisor/build.ts';
import { root } from './supervisor/process.ts';

/** `npm run bench`: every benchmark of `docs/benchmarks.md`, one table, and `bench/results.json`. */
type Work = (log: (line: string) => void) => Promise<Figure[]>;

const shared: { studio: Promise<BenchStudio> | null } = { studio: null };
let confirmed: Awaited<ReturnType<typeof confirm>> | null = null;
/** The one studio that some work in, one after the other. */
const inStudio =
  (work: (studio: BenchStudio) => Promise<Figure[]>): Work =>
  async (log) => {
    shared.studio ??= startBenchStudio(log);
    return work(await shared.studio);
  };

const works: Record<string, Work> = {
  runbooks,
  runs,
  start,
  pages,
  cycle,
  phone: inStudio(phone),
  confirm: inStudio(async (world) => {
    confirmed = await confirm(world);
    return confirmed.figures;
  }),
  kill: inStudio(kill),
  told,
  verify: inStudio(async (world) => {
    // What is verified is the last kill that was confirmed.
    confirmed ??= await confirm(world);
    return verify(world, confirmed.last);
  }),
};

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const wanted = values.only?.flatMap((names) => names.split(',')) ?? Object.keys(works);
const unknown = wanted.filter((name) => !(name in works));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark "${unknown[0]}". One of: ${Object.keys(works).join(', ')}.\n`);
  process.exit(2);
}

const log = (line: string) => process.stderr.write(`${line}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stopEverything);
ensureBuild(log);
const figures: Figure[] = [];
try {
  for (const name of wanted) {
    log(`— ${name} —`);
    try {
      figures.push(...(await works[name]!((line) => log(`  ${line}`))));
    } catch (error) {
      // One that fails costs its own figures, not those of the others.
      log((error as Error).stack ?? String(error));
      process.exitCode = 1;
    }
  }
} finally {
  await (await shared.studio?.catch(() => null))?.stop();
}
process.stdout.write(`${table(figures)}\n`);
mkdirSync(join(root, 'bench'), { recursive: true });
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, load: loadavg() };
writeFileSync(join(root, 'bench', 'results.json'), `${JSON.stringify({ machine, figures }, null, 2)}\n`);

/** Our servers run in process groups of their own: Ctrl-C does not reach them. */
function stopEverything(): never {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid)], { encoding: 'utf8' });
  for (const pid of (stdout ?? '').split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGINT');
    } catch {
      // It ended by itself.
    }
  }
  process.exit(130);
}
