import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from './one-at-a-time.mjs';
import { root } from './process.ts';

const stamp = join(root, 'build', 'source.sha256');

/** Builds the console unless the build was made from exactly these sources. Returns true when it built. A demo and a test run that start together build once. */
export function ensureBuild(log: (line: string) => void): boolean {
  return oneAtATime(join(root, '.firebreak', 'build-lock'), () => buildOnce(log));
}

function buildOnce(log: (line: string) => void): boolean {
  const wanted = sourceDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  log('Building the console');
  const bin = join(root, 'node_modules', '@remix-run', 'dev', 'dist', 'cli.js');
  const result = spawnSync(process.execPath, [bin, 'vite:build'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  });
  if (result.status !== 0) throw new Error(`The build failed:\n${result.stdout}\n${result.stderr}`);
  writeFileSync(stamp, wanted);
  return true;
}

/** SHA-256 over everything the build reads. */
function sourceDigest(): string {
  const hash = createHash('sha256');
  for (const file of [
    'package-lock.json',
    'vite.config.ts',
    'remix.config.js',
    ...filesBelow('app'),
    ...filesBelow('public'),
  ]) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
