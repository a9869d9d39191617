import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, isAlive } from '#scripts/supervisor/child.ts';
import { readPostmaster } from '#scripts/supervisor/postgres.ts';

/** Folders of test runs are `firebreak-test-<process id>`: the name says who must be alive. */
export function testFolder(pid: number): string {
  return join(tmpdir(), `firebreak-test-${pid}`);
}

/** Ends the servers of test runs that were killed before they could, and removes their folders. */
export async function clearLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^firebreak-test-(\d+)$/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const folder = testFolder(pid);
    for (const left of [unleashPid(folder), readPostmaster(join(folder, 'postgres', 'data'))?.pid]) {
      if (left) await endProcess(left, 'SIGINT', 5000);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function unleashPid(folder: string): number | null {
  const file = join(folder, 'unleash', 'unleash.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { pid: number | null }).pid : null;
}
