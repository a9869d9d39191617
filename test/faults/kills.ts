import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { startFaulty, untilDead } from './children.ts';

/** A process that was killed, and what it had in hand. Wall ms. */
export interface Kill {
  process: string;
  at: number;
  /** Runs whose segment it drove, and the declared effect whose outcome it owed. */
  held: { runId: string; key: string | null }[];
}

/** Console processes over one database, and the supervisor that starts another for each one that died. */
export async function startFleet({
  url,
  outside,
  clockFile,
  size,
}: {
  url: string;
  /** URL of the database that plays the outside world. */
  outside: string;
  clockFile: string;
  size: number;
}) {
  const kills: Kill[] = [];
  let number = 0;
  const start = async (): Promise<{ name: string; child: ChildProcess }> => {
    const name = `soak-${++number}`;
    const child = await startFaulty(
      {
        DATABASE_URL: `${url}?application_name=${name}`,
        OUTSIDE_URL: outside,
        FIREBREAK_CLOCK: clockFile,
        PROCESS_NAME: name,
      },
      'soak-process.ts',
    );
    return { name, child };
  };
  const fleet = await Promise.all(Array.from({ length: size }, start));

  /** `kill -9` of one process, a note of what it held, and another in its place. */
  async function killOne(pool: pg.Pool, choose: (count: number) => number): Promise<void> {
    const index = choose(fleet.length);
    const { name, child } = fleet[index]!;
    child.kill('SIGKILL');
    await untilDead(child);
    const at = Date.now();
    // What it had sent before it died still arrives.
    await sleep(50);
    const { rows } = await pool.query<{ runId: string; key: string | null }>(
      `select j.singleton_key as "runId", a.key from pgboss.job j
       join lateral (select step_id, process from claim_note c where c.run_id = j.singleton_key order by id desc limit 1) c on c.process = $1
       left join step_attempt a on a.run_id = j.singleton_key and a.step_id = c.step_id and a.outcome_at is null
       where j.name = 'run' and j.state = 'active'`,
      [name],
    );
    kills.push({ process: name, at, held: rows });
    fleet[index] = await start();
  }

  async function end(): Promise<void> {
    for (const { child } of fleet) child.kill('SIGKILL');
    await Promise.all(fleet.map(({ child }) => untilDead(child)));
  }

  /** Processes that ended by themselves. */
  const fallen = () =>
    fleet.filter(({ child }) => child.exitCode !== null || child.signalCode !== null).map(({ name }) => name);

  const names = () => fleet.map(({ name }) => name).sort();

  return { kills, names, killOne, fallen, end };
}
