import { sql } from 'kysely';
import type { Db } from '../../platform/db.server.ts';

/** An outside system stamps what we did a little before or after we wrote it down, ms. */
const slack = 5_000;

/**
 * Who confirmed the step of ours that moved `target` at `at`; null when none did. Outside systems know our writes by the name
 * of a token only.
 */
export async function ownHand(db: Db, target: string, at: number): Promise<string | null> {
  const row = await db
    .selectFrom('step_attempt')
    .innerJoin('run_step', (join) =>
      join.onRef('run_step.run_id', '=', 'step_attempt.run_id').onRef('run_step.step_id', '=', 'step_attempt.step_id'),
    )
    .select(sql<string | null>`run_step.confirmed_by->>'name'`.as('name'))
    .where(sql<string>`run_step.plan->>'target'`, '=', target)
    .where('step_attempt.intent_at', '<=', at + slack)
    .where((eb) => eb.or([eb('step_attempt.outcome_at', 'is', null), eb('step_attempt.outcome_at', '>=', at - slack)]))
    .orderBy('step_attempt.intent_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.name ?? null;
}
