import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from './supervisor/build.ts';
import { root } from './supervisor/process.ts';

/** `npm test`: types, lint, the catalog's own check, the build, then every suite. The last line counts them all. */
const only = process.argv.slice(2);
const bin = (path: string) => join(root, 'node_modules', path);

/** Suites in order; each is a vitest project of `vitest.config.ts`. */
const suites = ['unit', 'integration', 'faults', 'e2e'];
const checks: { name: string; run: () => boolean }[] = [
  { name: 'types', run: () => node([bin('typescript/bin/tsc'), '--noEmit']) },
  { name: 'lint', run: () => node([bin('@biomejs/biome/bin/biome'), 'check', '.']) },
  { name: 'catalog', run: () => node([join(root, 'cli/firebreak.ts'), 'check']) },
  { name: 'build', run: build },
  // Every runbook in a simulated world; its own report is test-results/rehearse.xml.
  { name: 'rehearse', run: () => node([join(root, 'scripts/rehearse.ts'), '--twice']) },
];

let passed = 0;
let failed = 0;
for (const { name, run } of checks) {
  if (only.length > 0 && !only.includes(name)) continue;
  const started = performance.now();
  const ok = run();
  if (ok) passed += 1;
  else failed += 1;
  process.stdout.write(`${ok ? '✓' : '✗'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
}
for (const suite of suites) {
  if (only.length === 0 || only.includes(suite)) runSuite(suite);
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

function node(args: string[]): boolean {
  return (
    spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, stdio: 'inherit' })
      .status === 0
  );
}

function build(): boolean {
  try {
    ensureBuild((line) => process.stdout.write(`${line}\n`));
    return true;
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`);
    return false;
  }
}

/**
 * Runs one vitest project. Browser stories live in a world that moves while they look: a file of them that failed is told once
 * more in a fresh world, and said to have been; what fails twice counts.
 */
function runSuite(suite: string): void {
  let { ok, files } = vitest(suite, []);
  const again = suite === 'e2e' ? files.filter((file) => file.failed > 0).map(({ name }) => name) : [];
  if (again.length > 0) {
    process.stdout.write(`\nFailed once, told again in a fresh world: ${again.join(', ')}\n`);
    const second = vitest(suite, again);
    files = [...files.filter(({ name }) => !again.includes(name)), ...second.files];
    ok = second.ok;
  }
  const failures = files.reduce((sum, file) => sum + file.failed, 0);
  passed += files.reduce((sum, file) => sum + file.passed, 0);
  failed += failures;
  // A file that cannot be loaded, an error outside every test, or no report at all fails the suite without a failed test.
  if (!ok && failures === 0) failed += 1;
}

/** One run of a project, or of some of its files, and what its report says of each file. */
function vitest(
  suite: string,
  only: string[],
): { ok: boolean; files: { name: string; passed: number; failed: number }[] } {
  const folder = join(root, 'test-results');
  const report = join(folder, `${suite}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  process.stdout.write(`\n— ${suite} —\n`);
  const ok = node([
    bin('vitest/vitest.mjs'),
    'run',
    '--project',
    suite,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...only,
  ]);
  if (!existsSync(report)) return { ok, files: [] };
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
  };
  const files = testResults.map(({ name, status, assertionResults }) => {
    const count = (wanted: string) => assertionResults.filter((result) => result.status === wanted).length;
    // A file whose world did not come up failed, though none of its tests did.
    return { name, passed: count('passed'), failed: Math.max(count('failed'), status === 'failed' ? 1 : 0) };
  });
  return { ok, files };
}
