import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { UsageError } from './command.ts';

let registered = false;

/** Teaches Node to import `.tsx` as it imports `.ts`, by the compiler that builds the pages too, so that a command can draw them. */
export function loadTsx(): void {
  if (registered) return;
  registered = true;
  process.env.NODE_ENV ??= 'production';
  const { transformSync } = compiler();
  registerHooks({
    load(url, context, next) {
      if (!url.endsWith('.tsx')) return next(url, context);
      const source = readFileSync(fileURLToPath(url), 'utf8');
      const { code } = transformSync(source, { loader: 'tsx', jsx: 'automatic', format: 'esm', target: 'node24' });
      return { format: 'module', source: code, shortCircuit: true };
    },
  });
}

/** The build's own compiler: it comes with Vite, which is pinned. */
function compiler(): typeof import('esbuild') {
  try {
    return createRequire(createRequire(import.meta.url).resolve('vite'))('esbuild');
  } catch {
    throw new UsageError('Pages are drawn by the compiler that builds them: run npm ci with development dependencies.');
  }
}
