import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { endProcess, isAlive } from './child.ts';

/** The process that `pidFile` names while it still runs `script`; null when it ended, or when its id is another program's by now. */
export function leftOver(pidFile: string, script: string): number | null {
  const pid = readPid(pidFile);
  return pid !== null && pid !== process.pid && isAlive(pid) && commandOf(pid).includes(script) ? pid : null;
}

/** Ends what an earlier supervisor that was killed left of `script`. */
export async function endLeftOver(pidFile: string, script: string): Promise<void> {
  const pid = leftOver(pidFile, script);
  if (pid !== null) await endProcess(pid, 'SIGTERM', 5_000);
}

/** Remembers a process for the next supervisor. */
export function remember(pidFile: string, pid: number): void {
  writeFileSync(pidFile, `${pid}\n`);
}

function readPid(pidFile: string): number | null {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function commandOf(pid: number): string {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
