import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './supervisor/build.ts';
import { root } from './supervisor/process.ts';

/**
 * `npm test`: types, lint, the catalog's own check, the build, then the rehearsals and every suite, one after the other:
 * worlds in which time runs want the machine to themselves. The last line counts them all.
 */
const only = process.argv.slice(2);
const bin = (path: string) => join(root, 'node_modules', path);
const chosen = (name: string) => only.length === 0 || only.includes(name);
const report = (line: string) => process.stdout.write(`${line}\n`);

/** Worlds of rehearsals and stories lie in the temporary folder, some at a time. */
const roomNeeded = 1 * 1024 ** 3;

let passed = 0;
let failed = 0;
const { bavail, bsize } = statfsSync(tmpdir());
if (bavail * bsize < roomNeeded)
  report(`⚠ ${tmpdir()} has less than 1 GB of room, which the tests may need: TMPDIR=/another/folder npm test`);

await Promise.all([
  check('types', () => node([bin('typescript/bin/tsc'), '--noEmit'])),
  (async () => {
    await check('lint', () => node([bin('@biomejs/biome/bin/biome'), 'check', '.']));
    await check('catalog', () => node([join(root, 'cli/firebreak.ts'), 'check']));
    await check('build', async () => build());
  })(),
]);
// Every runbook in two simulated worlds, once more on a busy machine; its own report is test-results/rehearse.xml.
await check('rehearse', () => node([join(root, 'scripts/rehearse.ts'), '--jobs', '2', '--twice'], true));
for (const suite of ['unit', 'integration', 'faults', 'e2e']) if (chosen(suite)) await runSuite(suite);

report(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

/** One check that is no suite. What it prints is told when it has ended: others may run beside it. */
async function check(name: string, run: () => Promise<Ended>): Promise<void> {
  if (!chosen(name)) return;
  const started = performance.now();
  const { ok, said } = await run();
  if (ok) passed += 1;
  else failed += 1;
  report(`${said}${ok ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** How a process ended, and what it printed. */
interface Ended {
  ok: boolean;
  said: string;
}

/** Runs a script; `aloud` prints what it says at once. */
function node(args: string[], aloud = false): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: aloud ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, said: `${said}${error.message}\n` }));
    child.once('close', (code) => resolve({ ok: code === 0, said }));
  });
}

function build(): Ended {
  try {
    ensureBuild(() => undefined);
    return { ok: true, said: '' };
  } catch (error) {
    return { ok: false, said: `${(error as Error).message}\n` };
  }
}

/**
 * Runs one suite. Browser stories live in a world that moves while they look: a file of them that failed is told once
 * more in a fresh world, and said to have been; what fails twice counts.
 */
async function runSuite(suite: string): Promise<void> {
  let { ok, files } = await vitest(suite, []);
  const again = suite === 'e2e' ? files.filter((file) => file.failed > 0).map(({ name }) => name) : [];
  if (again.length > 0) {
    report(`\nFailed once, told again in a fresh world: ${again.join(', ')}`);
    const second = await vitest(suite, again);
    files = [...files.filter(({ name }) => !again.includes(name)), ...second.files];
    ok = second.ok;
  }
  const failures = files.reduce((sum, file) => sum + file.failed, 0);
  passed += files.reduce((sum, file) => sum + file.passed, 0);
  failed += failures;
  // A file that cannot be loaded, an error outside every test, or no report at all fails the suite without a failed test.
  if (!ok && failures === 0) failed += 1;
}

/** One run of a suite, or of some of its files, and what its report says of each file. */
async function vitest(
  suite: string,
  some: string[],
): Promise<{ ok: boolean; files: { name: string; passed: number; failed: number }[] }> {
  const folder = join(root, 'test-results');
  const file = join(folder, `${suite}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  report(`\n— ${suite} —`);
  const projects = (suite === 'unit' ? ['domain', 'unit'] : [suite]).map((name) => `--project=${name}`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { ok } = await node(
    [bin('vitest/vitest.mjs'), 'run', ...projects, '--passWithNoTests', ...reporters, ...some],
    true,
  );
  if (!existsSync(file)) return { ok, files: [] };
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as {
    testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
  };
  const files = testResults.map(({ name, status, assertionResults }) => {
    const count = (wanted: string) => assertionResults.filter((result) => result.status === wanted).length;
    // A file whose world did not come up failed, though none of its tests did.
    return { name, passed: count('passed'), failed: Math.max(count('failed'), status === 'failed' ? 1 : 0) };
  });
  return { ok, files };
}
