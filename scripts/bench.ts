import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figure } from './bench/figure.ts';
import { pages } from './bench/pages.ts';
import { runbooks } from './bench/runbooks.ts';
import { table } from './bench/table.ts';
import { ensureBuild } from './supervisor/build.ts';
import { root } from './supervisor/process.ts';

/** `npm run bench`: every benchmark of `docs/benchmarks.md`, one table, and `bench/results.json`. */
const works: Record<string, (log: (line: string) => void) => Promise<Figure[]>> = { runbooks, pages };

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const wanted = values.only?.flatMap((names) => names.split(',')) ?? Object.keys(works);
const unknown = wanted.filter((name) => !(name in works));
if (unknown.length > 0) {
  process.stderr.write(`No benchmark "${unknown[0]}". One of: ${Object.keys(works).join(', ')}.\n`);
  process.exit(2);
}

const log = (line: string) => process.stderr.write(`${line}\n`);
ensureBuild(log);
const figures: Figure[] = [];
for (const name of wanted) {
  log(`— ${name} —`);
  figures.push(...(await works[name]!((line) => log(`  ${line}`))));
}
process.stdout.write(`${table(figures)}\n`);
mkdirSync(join(root, 'bench'), { recursive: true });
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version, load: loadavg() };
writeFileSync(join(root, 'bench', 'results.json'), `${JSON.stringify({ machine, figures }, null, 2)}\n`);
