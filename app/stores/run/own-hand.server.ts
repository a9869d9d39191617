import { sql } from 'kysely';
import type { Db } from '../../platform/db.server.ts';

/** An outside system stamps what we did a little before or after we wrote it down, ms. */
const slack = 5_000;

/**
 * Who confirmed the step of ours that changed a flag at `at`; null when none did. Unleash knows our writes by the name of a token
 * only. `environment` is null for what the flag is in all of them, which only `flag.define` sets.
 */
export async function ownHand(
  db: Db,
  { flag, environment }: { flag: string; environment: string | null },
  at: number,
): Promise<string | null> {
  // It begins in more environments than the one that it locks, and switches the flag on in none.
  const begun = JSON.stringify([{ kind: 'create', begins: [{ environment }] }]);
  const row = await db
    .selectFrom('step_attempt')
    .innerJoin('run_step', (join) =>
      join.onRef('run_step.run_id', '=', 'step_attempt.run_id').onRef('run_step.step_id', '=', 'step_attempt.step_id'),
    )
    .select(sql<string | null>`run_step.confirmed_by->>'name'`.as('name'))
    .where((eb) =>
      eb.or([
        eb(sql<string>`run_step.plan->>'target'`, '=', `flag/${environment ?? ''}/${flag}`),
        eb.and([
          eb('run_step.uses', '=', 'flag.define'),
          eb(sql<string>`run_step.plan->'after'->>'flag'`, '=', flag),
          environment === null
            ? sql<boolean>`true`
            : sql<boolean>`(run_step.plan->'after'->'writes')::jsonb @> ${begun}::jsonb`,
        ]),
      ]),
    )
    .where('step_attempt.intent_at', '<=', at + slack)
    .where((eb) => eb.or([eb('step_attempt.outcome_at', 'is', null), eb('step_attempt.outcome_at', '>=', at - slack)]))
    .orderBy('step_attempt.intent_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.name ?? null;
}
