import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second, whatever the kernel's own tick. */
const ticksPerSecond = 100;

/** CPU seconds, user and system, that a process has used so far; its children are not counted. */
export function cpuSeconds(pid: number): number {
  if (process.platform === 'linux') {
    const [user, system] = statOf(pid).slice(11, 13);
    return (Number(user) + Number(system)) / ticksPerSecond;
  }
  const time = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return time.split(/[:-]/).reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** CPU seconds of a process, of the children it has, and of those that have ended; Linux only, 0 elsewhere. */
export function familyCpuSeconds(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const ended = statOf(pid).slice(13, 15);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.map(Number)].reduce(
    (sum, each) => {
      try {
        return sum + cpuSeconds(each);
      } catch {
        // It ended between the two looks, and is counted with those that have ended next time.
        return sum;
      }
    },
    ended.reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond,
  );
}

/** Fields of `/proc/<pid>/stat` from the state on: the name in brackets before it may hold spaces. */
function statOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
}
