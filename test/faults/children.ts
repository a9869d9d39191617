import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts a process that will hit a fault, from a script beside this file; resolves when its engine takes work. */
export async function startFaulty(
  env: Record<string, string>,
  script: 'console-process.ts' | 'engine-process.ts' | 'rollout-process.ts' | 'soak-process.ts' = 'console-process.ts',
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url))], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout!.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the process ended before it was ready (${code})`)));
  });
  child.removeAllListeners('exit');
  return child;
}

/** Resolves when the process has ended. */
export function untilDead(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', () => resolve()));
}
