import { setTimeout as sleep } from 'node:timers/promises';
import type { SuspectList } from '../../app/domain/change/change.ts';
import { openDb } from '../../app/platform/db.server.ts';
import type { BenchStudio } from './studio.ts';

/** The studio's database, and what the benchmarks read of it. */
export function studioDb(studio: BenchStudio) {
  const handle = openDb(studio.world.databaseUrl, { max: 2, onError: () => undefined });
  const { db } = handle;
  return {
    /** The open incident's id; waits until the engine has opened it. */
    incident: () =>
      until('an incident opens', async () => {
        const row = await db.selectFrom('incident').select('id').where('status', '=', 'open').executeTakeFirst();
        return row?.id ?? null;
      }),
    /** The run's step that stands planned: what its confirm form sends. */
    planned: (runId: string) =>
      until('a step is planned', async () => {
        const row = await db
          .selectFrom('run_step')
          .select(['step_id', 'plan_hash'])
          .where('run_id', '=', runId)
          .where('state', '=', 'planned')
          .orderBy('index')
          .executeTakeFirst();
        return row?.plan_hash ? { step: row.step_id, hash: row.plan_hash } : null;
      }),
    /** The step's last attempt, once it has an outcome; its times are data ms. */
    outcome: (runId: string, step: string) =>
      until(
        'the effect is recorded',
        async () => {
          const row = await db
            .selectFrom('step_attempt')
            .select(['intent_at', 'outcome_at'])
            .where('run_id', '=', runId)
            .where('step_id', '=', step)
            .orderBy('attempt', 'desc')
            .executeTakeFirst();
          return row?.outcome_at ? { intentAt: row.intent_at, outcomeAt: row.outcome_at } : null;
        },
        2,
      ),
    /** Id of the change whose reversal stands in the incident's main place. */
    suspect: (incident: string) =>
      until('a reversal is offered', async () => {
        const row = await db
          .selectFrom('observation')
          .select('value')
          .where('source', '=', 'firebreak')
          .where('key', '=', `suspects/${incident}`)
          .executeTakeFirst();
        return (row?.value as SuspectList | undefined)?.main?.change.id ?? null;
      }),
    step: (runId: string, step: string) =>
      db
        .selectFrom('run_step')
        .select(['state', 'result', 'effect_at', 'ended_at', 'confirmed_at', 'verification', 'reason'])
        .where('run_id', '=', runId)
        .where('step_id', '=', step)
        .executeTakeFirst(),
    close: handle.close,
  };
}

/** Asks until there is an answer; throws after two minutes. */
export async function until<T>(what: string, ask: () => Promise<T | null>, everyMs = 50): Promise<T> {
  const end = performance.now() + 120_000;
  while (performance.now() < end) {
    const found = await ask();
    if (found !== null) return found;
    await sleep(everyMs);
  }
  throw new Error(`Waited two minutes until ${what}.`);
}

/** Sends a form as a page does; returns where the answer leads. */
export async function postForm(
  url: string,
  path: string,
  cookie: string,
  fields: Record<string, string>,
): Promise<string> {
  const response = await fetch(url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields),
  });
  await response.arrayBuffer();
  const location = response.headers.get('location');
  if (response.status !== 303 || !location) throw new Error(`POST ${path} answered ${response.status}.`);
  return location;
}
