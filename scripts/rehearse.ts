import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readCatalog } from '#app/catalog/read-catalog.server.ts';
import { chooseCases } from './rehearse/choose.ts';
import { standIns } from './rehearse/endpoints.ts';
import { writeJunit } from './rehearse/junit.ts';
import { failureLines, summaryLines } from './rehearse/lines.ts';
import { record, reportsOf } from './rehearse/record.ts';
import { type Played, rehearse } from './rehearse/rehearse.ts';
import { ensureBuild } from './supervisor/build.ts';
import { root } from './supervisor/process.ts';
import { createProgress } from './supervisor/progress.ts';

const help = `npm run rehearse -- [--only SLUG]… [--case "NAME"] [--jobs N] [--strict] [--twice] [--record] [--junit FILE] [--seed TEXT]

Plays every runbook that has steps in a simulated world built from the catalog (FIREBREAK_CATALOG, else this checkout),
as its <slug>.rehearsal.yaml tells. docs/rehearsal.md has the format.

  --only SLUG    this runbook; may be given several times
  --case NAME    cases of this name; * stands for anything
  --jobs N       worlds side by side, 1 to 8 (default 1)
  --strict       a runbook with steps and no rehearsal fails
  --twice        a case that fails is played once more in a fresh world, and said to have been
  --record       tell the console at FIREBREAK_URL, by FIREBREAK_API_KEY (scope rehearsals:write), for its runbook pages
  --junit FILE   default test-results/rehearse.xml

Exit code: 0 everything held, 1 something did not, 2 wrong arguments.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    case: { type: 'string' },
    jobs: { type: 'string', default: '1' },
    strict: { type: 'boolean', default: false },
    twice: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    junit: { type: 'string', default: join(root, 'test-results', 'rehearse.xml') },
    seed: { type: 'string', default: 'rehearsal' },
    help: { type: 'boolean', default: false },
  },
});
const jobs = Number(values.jobs);
if (values.help) {
  process.stdout.write(`${help}\n`);
  process.exit(0);
}
if (!(Number.isInteger(jobs) && jobs >= 1 && jobs <= 8)) wrong('--jobs is a number from 1 to 8');

const { FIREBREAK_URL: url = '', FIREBREAK_API_KEY: key = '' } = process.env;
if (values.record && !(URL.canParse(url) && key))
  wrong('--record needs FIREBREAK_URL, the address of a console, and FIREBREAK_API_KEY');

const folder = resolve(process.env.FIREBREAK_CATALOG || root);
const catalog = await readCatalog(folder);
const missing = values.only.find((slug) => !catalog.runbooks.some((runbook) => runbook.slug === slug));
if (missing !== undefined) wrong(`There is no runbook "${missing}" in ${folder}.`);
const { outside } = standIns(catalog, 'http://simulator');
const { cases, ...rest } = chooseCases(catalog, { only: values.only, case: values.case ?? null }, outside);
for (const { file, line, column, message, hint } of rest.broken)
  process.stdout.write(`${file}:${line}:${column} ${message}${hint ? ` ${hint}` : ''}\n`);

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (abort.signal.aborted) process.exit(1);
    process.stderr.write('\nStopping …\n');
    abort.abort();
  });

const progress = createProgress(process.stderr);
try {
  if (cases.length > 0) progress.step('Building the console', () => ensureBuild(() => undefined));
  let played = await play(cases);
  const again = values.twice ? played.filter(isFailed).map(({ chosen }) => chosen) : [];
  if (again.length > 0 && !abort.signal.aborted) {
    progress.detail(`${again.length} of them did not hold, and are played once more in a fresh world`);
    const second = await play(again);
    played = played.map((one) => second.find(({ chosen }) => chosen === one.chosen) ?? one);
  }
  progress.done();
  writeJunit(values.junit, played, rest);
  for (const line of summaryLines(played, rest)) process.stdout.write(`${line}\n`);
  const failed = played.filter(isFailed).length;
  const unproven = rest.broken.length + rest.outside.length + (values.strict ? rest.notRehearsed.length : 0);
  if (values.record) {
    const reports = reportsOf(played);
    await record(reports, url, key);
    process.stdout.write(
      `${reports.length} runbooks recorded at ${url}; those that were not played whole are left out\n`,
    );
  }
  process.stdout.write(`${played.length - failed} of ${cases.length} cases held; ${values.junit}\n`);
  process.exitCode = failed + unproven > 0 || played.length < cases.length ? 1 : 0;
} catch (error) {
  progress.fail((error as Error).message);
  process.exitCode = 1;
}

function play(some: typeof cases): Promise<Played[]> {
  return rehearse({
    catalog,
    folder,
    cases: some,
    jobs,
    seed: values.seed,
    signal: abort.signal,
    log: progress.detail,
    played: (one, done) => {
      const { chosen, result } = one;
      const took = `${(result.wallMs / 1000).toFixed(1)} s`;
      const mark = isFailed(one) ? '✗' : '✓';
      progress.detail(`${mark} ${chosen.runbook.slug}: ${result.name} (${took}, ${done} of ${some.length})`);
      for (const line of failureLines(one)) progress.detail(`  ${line}`);
    },
  });
}

function isFailed({ result }: Played): boolean {
  return result.findings.length > 0;
}

function wrong(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
