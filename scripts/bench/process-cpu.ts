import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick. */
const ticksPerSecond = 100;

/** CPU seconds, user and system, that a process has used so far; its children are not counted. */
export function cpuSeconds(pid: number): number {
  if (process.platform === 'linux') {
    // The name in brackets may hold spaces; after it come state and numbers, utime and stime as 12th and 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  }
  const time = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
}
