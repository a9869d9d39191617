// The door to every command. Runs on Node 18 and newer: installs what is missing, then goes on under the Node that
// the project pins (`node_modules/node/bin/node`), which npm scripts would not find on a first run.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oneAtATime } from './supervisor/one-at-a-time.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const stamp = join(root, 'node_modules', '.firebreak-installed');

/** @type {Record<string, string[]>} */
const commands = {
  demo: ['scripts/demo.ts'],
  test: ['scripts/test.ts'],
  start: ['scripts/start.ts'],
  bench: ['scripts/bench.ts'],
  check: ['cli/firebreak.ts', 'check'],
  rehearse: ['scripts/rehearse.ts'],
  firebreak: ['cli/firebreak.ts'],
};

const [name = '', ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`Unknown command "${name}". One of: ${Object.keys(commands).join(', ')}.`);
  process.exit(2);
}

oneAtATime(join(root, '.firebreak', 'install-lock'), install, (pid) =>
  console.error(`Waiting for an installation that runs in this folder already (process ${pid}) …`),
);
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...command, ...rest], {
  cwd: root,
  stdio: 'inherit',
});
// Ctrl-C reaches the child by the terminal; a plain kill of this process is passed on.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

/** `npm ci` when the lockfile is not what is installed. */
function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (installed === wanted && existsSync(node)) return;
  console.error('Installing what is missing (npm ci, about a minute) …');
  const result = spawnSync(windows ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 'inherit'],
    shell: windows,
  });
  if (result.status !== 0) {
    console.error('npm ci failed. Is the npm registry within reach?');
    process.exit(1);
  }
  if (!existsSync(node)) {
    // Some npm configurations skip install scripts: the pinned Node comes from one.
    spawnSync(process.execPath, [join(root, 'node_modules', 'node', 'installArchSpecificPackage.js')], {
      cwd: join(root, 'node_modules', 'node'),
      stdio: 'inherit',
    });
  }
  if (!existsSync(node)) {
    console.error(`The pinned Node is not at ${node}: its install script did not run (npm config ignore-scripts?).`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
