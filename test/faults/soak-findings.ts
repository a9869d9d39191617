import type pg from 'pg';
import type { Kill } from './kills.ts';
import { bringOutside } from './soak-world.ts';

/** What a soak must never find, each with the query that lists it. A key is run/step/direction/attempt. */
const never: Record<string, string> = {
  'a run that did not end': `select id, state from run where state <> 'done'`,
  'a step that is not over': `select run_id, step_id, state, reason from run_step where state not in ('succeeded', 'skipped', 'undone')`,
  'an effect whose outcome nobody recorded': `select key from step_attempt where outcome_at is null`,
  'a target still held': 'select * from target_lock',
  'a recorded step repeated': `select e.key from outside_effect e join outcome_note n on n.key = e.key and e.at > n.at
      join step_attempt a on a.key = e.key where a.outcome->>'result' = 'done'`,
  // What gave way may still write within its last call; the stop looks again 5 s later, before it says that it is done.
  'a late write over a stop that was done': `select e.key, s.key as stop from outside_effect e join step_attempt a on a.key = e.key
      join step_attempt s on s.run_id = a.outcome->>'preempted' and s.intent->>'target' = a.intent->>'target' and s.outcome->>'result' = 'done' and s.outcome_at >= a.outcome_at
      join outcome_note n on n.key = s.key and e.at > n.at`,
  'a done step declared again': `select key from (select key, direction, lag(direction) over step as before, lag(outcome->>'result') over step as came
      from step_attempt window step as (partition by run_id, step_id order by attempt)) a where came = 'done' and before = direction`,
  'an effect under a key that nobody declared': `select e.key from outside_effect e left join step_attempt a on a.key = e.key where a.key is null`,
  'a step that cannot be verified done twice': `select split_part(key, '/', 1) as run, split_part(key, '/', 2) as step, count(*) from outside_effect
      where target like 'pagerduty.note/%' group by 1, 2 having count(*) > 1`,
  'an idempotent step done under two keys': `select split_part(key, '/', 1) as run, count(distinct key) from outside_effect
      where target like 'pagerduty.acknowledge/%' group by 1 having count(distinct key) > 1`,
  'a change made twice that nobody had overwritten': `select key from (select key, lag(key) over (partition by target order by id) as before
      from outside_effect where target like 'flag/%') e where key = before`,
  'a step called done without its effect': `select s.run_id, s.step_id from run_step s where s.state = 'succeeded' and s.uses in ('flag.kill', 'flag.expose', 'pagerduty.note', 'pagerduty.acknowledge')
      and not exists (select 1 from outside_effect e where e.key like s.run_id || '/' || s.step_id || '/apply/%')`,
  'two calls on one target at a time': `select a.key, b.key as other from outside_call a join outside_call b on b.target = a.target and b.id <> a.id and b.begun > a.begun and b.begun < a.ended
      where a.target like 'flag/%' and split_part(a.key, '/', 1) <> split_part(b.key, '/', 1)
      and not exists (select 1 from audit where action = 'target.seized' and before->>'runId' = split_part(a.key, '/', 1))`,
};

/** Everything that must not be and is, outside and in the console's database: one line each, at most five of a kind. */
export async function violations(outside: pg.Pool, pool: pg.Pool): Promise<string[]> {
  await bringOutside(outside, pool);
  const found: string[] = [];
  for (const [what, query] of Object.entries(never)) {
    const { rows } = await pool.query<Record<string, unknown>>(query);
    found.push(...rows.slice(0, 5).map((row) => `${what}: ${JSON.stringify(row)}`));
  }
  return found;
}

/** How a declared effect ended whose process was killed; `open` is no end. */
export type Fate = 'done' | 'asked a person' | 'gave way' | 'not taken' | 'open';

/** What became of what killed processes held: seconds until another process took over, and the fate of declared effects. */
export async function takeOvers(pool: pg.Pool, kills: readonly Kill[]) {
  const seconds: number[] = [];
  const fates: { key: string; recovery: string; fate: Fate }[] = [];
  for (const { process, at, held } of kills) {
    for (const { runId, key } of held) {
      const { rows } = await pool.query<{ at: Date }>(
        'select at from claim_note where run_id = $1 and process <> $2 and at > $3 order by id limit 1',
        [runId, process, new Date(at)],
      );
      if (rows[0]) seconds.push((rows[0].at.getTime() - at) / 1_000);
      if (key !== null) fates.push({ key, ...(await fateOf(pool, key)) });
    }
  }
  return { seconds, fates };
}

async function fateOf(pool: pg.Pool, key: string): Promise<{ recovery: string; fate: Fate }> {
  const { rows } = await pool.query<{ uses: string; result: string | null; preempted: string | null; open: boolean }>(
    `select s.uses, a.outcome->>'result' as result, a.outcome->>'preempted' as preempted, a.outcome_at is null as open
     from step_attempt a join run_step s using (run_id, step_id) where a.key = $1`,
    [key],
  );
  const { uses, result, preempted, open } = rows[0]!;
  const recovery = uses === 'pagerduty.note' ? 'ask' : uses.startsWith('flag.') ? 'verifiable' : 'idempotent';
  if (open) return { recovery, fate: 'open' };
  if (preempted !== null || result === 'preempted') return { recovery, fate: 'gave way' };
  if (result === 'done') return { recovery, fate: 'done' };
  return { recovery, fate: result === 'unknown' ? 'asked a person' : 'not taken' };
}

/** The value that `share` of the sorted values do not exceed; NaN of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
