import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cache = join(root, '.firebreak', 'debian-prometheus');
const failed = join(root, '.firebreak', 'debian-prometheus.failed');
const downloadMs = 90_000;
/** After a failure it is not tried again for so long: every test file would wait for it. */
const failedForMs = 15 * 60_000;

/** The programs of Debian's package, downloaded and unpacked beside the checkout without installing it; else why not. */
export function debianPrometheus(): { folder: string } | { why: string } {
  const folder = join(cache, 'usr', 'bin');
  if (existsSync(join(folder, 'promtool'))) return { folder };
  const before = existsSync(failed) ? (JSON.parse(readFileSync(failed, 'utf8')) as { at: number; why: string }) : null;
  if (before && Date.now() - before.at < failedForMs) return { why: before.why };
  const part = `${cache}.${process.pid}`;
  try {
    console.warn("Prometheus 2 is not installed: Debian's package is downloaded once (20 MB), not installed.");
    mkdirSync(part, { recursive: true });
    const limits = ['-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::Retries=0', '-o', 'APT::Sandbox::User='];
    run('apt-get', [...limits, 'download', 'prometheus'], part);
    const file = readdirSync(part).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get download left no package');
    run('dpkg', ['-x', file, '.'], part);
    rmSync(join(part, file));
    // Another test file may have been quicker.
    if (!existsSync(cache)) renameSync(part, cache);
    return { folder };
  } catch (error) {
    const { code, message, stderr } = error as { code?: string; message: string; stderr?: string };
    const why = code === 'ENOENT' ? 'this machine has no apt-get' : (stderr?.trim().split('\n').at(-1) ?? message);
    mkdirSync(dirname(failed), { recursive: true });
    writeFileSync(failed, JSON.stringify({ at: Date.now(), why }));
    return { why };
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], cwd: string): void {
  execFileSync(command, args, { cwd, timeout: downloadMs, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
