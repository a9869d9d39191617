import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Child, root, startChild } from '../supervisor/process.ts';

const source = join(import.meta.dirname, 'empty-remix');

/** The reference app, built once a run. */
export interface EmptyRemix {
  folder: string;
  /** Starts its server; `url` is the empty page. */
  start(): Promise<{ child: Child; url: string }>;
}

let built: EmptyRemix | null = null;

/** Builds the empty Remix app in a temporary folder, with the packages of this checkout. */
export function emptyRemix(): EmptyRemix {
  if (built) return built;
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-empty-remix-'));
  cpSync(join(source, 'app'), join(folder, 'app'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // What the Remix compiler looks at to choose its default entry files.
  const dependencies = { '@remix-run/node': '*', '@remix-run/react': '*', isbot: '*', react: '*', 'react-dom': '*' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', sideEffects: false, dependencies }));
  const env = { ...process.env, NODE_ENV: 'production' as const, EMPTY_REMIX_FOLDER: folder };
  const cli = join(root, 'node_modules/@remix-run/dev/dist/cli.js');
  const args = [cli, 'vite:build', folder, '--config', join(source, 'vite.config.ts')];
  const result = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
  if (result.status !== 0 || !existsSync(join(folder, 'build/server/index.js')))
    throw new Error(`The empty Remix app cannot be built:\n${result.stdout}\n${result.stderr}`);
  built = {
    folder,
    async start() {
      const child = await startChild({
        name: 'The empty Remix app',
        script: 'scripts/bench/empty-remix/serve.ts',
        env: { NODE_ENV: 'production', EMPTY_REMIX_FOLDER: folder },
        logFile: join(folder, 'serve.log'),
        helloKeys: ['listening'],
        timeoutMs: 30_000,
      });
      return { child, url: `${child.hello.listening}/page` };
    },
  };
  return built;
}
