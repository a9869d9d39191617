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

/** Runs one vitest project; a project that ends without a report counts as one failure. */
function runSuite(suite: string): void {
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
  ]);
  const counts = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as { numPassedTests: number; numFailedTests: number })
    : { numPassedTests: 0, numFailedTests: 0 };
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  // A file that cannot be loaded, or an error outside every test, fails the suite without a failed test.
  if (!ok && counts.numFailedTests === 0) failed += 1;
}
