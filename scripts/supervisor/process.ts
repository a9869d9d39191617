import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcess } from './child.ts';
import { endLeftOver, remember } from './left-over.ts';

/** The folder of the checkout. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Compiled code of our children, kept from start to start. */
export const compileCache = join(root, 'build', 'compile-cache');

/** A child of the supervisor: its output goes to a log file, its first line of JSON on stdout is its hello. */
export interface Child {
  pid: number;
  hello: Record<string, unknown>;
  /** Resolves with the exit code, or null after a signal. */
  exited: Promise<number | null>;
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts `node script` in a process group of its own (Ctrl-C reaches the supervisor alone, which stops its children in
 * order) and waits for its hello: one line of JSON in the log that has every key of `helloKeys`. Its id is kept beside its
 * log: what a supervisor that was killed left running is ended by the next one's start.
 */
export async function startChild(options: {
  name: string;
  script: string;
  env: Record<string, string | undefined>;
  logFile: string;
  helloKeys: readonly string[];
  timeoutMs: number;
  /** Ends a child that has not said hello yet. */
  signal?: AbortSignal;
}): Promise<Child> {
  const pidFile = options.logFile.replace(/\.log$/, '.pid');
  await endLeftOver(pidFile, options.script);
  const log = openSync(options.logFile, 'w');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, options.script)], {
    cwd: root,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...options.env },
  });
  closeSync(log);
  if (child.pid !== undefined) remember(pidFile, child.pid);
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const hello = await waitForHello(child, exited, options);
  return {
    pid: child.pid as number,
    hello,
    exited,
    stop: (graceMs) => endProcess(child.pid as number, 'SIGTERM', graceMs),
  };
}

async function waitForHello(
  child: ChildProcess,
  exited: Promise<number | null>,
  options: { name: string; logFile: string; helloKeys: readonly string[]; timeoutMs: number; signal?: AbortSignal },
): Promise<Record<string, unknown>> {
  let ended: { code: number | null } | null = null;
  void exited.then((code) => {
    ended = { code };
  });
  const end = performance.now() + options.timeoutMs;
  while (performance.now() < end && !options.signal?.aborted) {
    const lines = readFileSync(options.logFile, 'utf8').split('\n');
    for (const line of lines) {
      const hello = parse(line);
      if (hello && options.helloKeys.every((key) => key in hello)) return hello;
    }
    if (ended !== null) {
      const tail = lines.slice(-25).join('\n').trim();
      throw new Error(`${options.name} ended before it was up:\n${tail}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (child.pid) await endProcess(child.pid, 'SIGTERM', 2_000);
  if (options.signal?.aborted) throw new Error(`${options.name} is no longer needed.`);
  throw new Error(`${options.name} was not up in ${options.timeoutMs / 1000} s; see ${options.logFile}`);
}

function parse(line: string): Record<string, unknown> | null {
  if (!line.startsWith('{')) return null;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}
