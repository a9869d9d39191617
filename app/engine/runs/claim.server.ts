import { sql, type Updateable } from 'kysely';
import type { StepState } from '../../domain/run/run.ts';
import { allowed } from '../../domain/run/transitions.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { RunRow, StepRow } from '../../stores/run/run-rows.ts';
import type { Database } from '../../stores/schema.ts';
import { wholeRow } from '../../stores/whole-row.ts';
import type { EngineDeps } from './deps.ts';

/** A record came from a process that no longer drives the step, or the step has moved on: it is refused. */
export class Fenced extends Error {
  constructor(runId: string, stepId: string) {
    super(`late record refused for ${runId}/${stepId}`);
    this.name = 'Fenced';
  }
}

/** A run with its steps in order, and the step this process claimed. */
export interface Claim {
  run: RunRow;
  steps: StepRow[];
  step: StepRow;
}

/** A run with its steps in order, as both stand at one moment; null when there is none. */
export async function loadRun(
  db: EngineDeps['db'] | Tx,
  runId: string,
): Promise<{ run: RunRow; steps: StepRow[] } | null> {
  const found = await db
    .selectFrom('run')
    .select([
      wholeRow<RunRow>('run'),
      sql<StepRow[] | null>`(select json_agg(s order by s.index) from run_step s where s.run_id = run.id)`.as('steps'),
    ])
    .where('id', '=', runId)
    .executeTakeFirst();
  return found ? { run: found.row, steps: found.steps ?? [] } : null;
}

/**
 * Holds a run's row until the transaction ends. Whoever needs it takes it before its steps and its target, as people's decisions
 * do: two that take them the other way round wait for each other, and PostgreSQL ends one.
 */
export async function holdRun(tx: Tx, runId: string): Promise<void> {
  await tx.selectFrom('run').select('id').where('id', '=', runId).forUpdate().execute();
}

/** Raises the step's fence: from here on only this claim may record. */
export async function claimStep(
  db: EngineDeps['db'] | Tx,
  run: RunRow,
  steps: StepRow[],
  stepId: string,
): Promise<Claim> {
  const { row: step } = await db
    .updateTable('run_step')
    .set({ epoch: sql<number>`nextval('lock_epoch')` })
    .where('run_id', '=', run.id)
    .where('step_id', '=', stepId)
    .returning(wholeRow<StepRow>('run_step'))
    .executeTakeFirstOrThrow();
  return { run, steps: steps.map((one) => (one.step_id === stepId ? step : one)), step };
}

/**
 * Updates the claimed step, provided it still has this claim's fence and one of the expected states, and that the table
 * of transitions leads from there to the new one. A person's wish that came since the claim (to end, to take over) is kept
 * while the step is in flight. Throws Fenced.
 */
export async function writeStep(
  tx: Tx,
  claim: Claim,
  expected: readonly StepState[],
  set: Updateable<Database['run_step']>,
): Promise<void> {
  const to = set.state;
  const from = to === undefined ? expected : expected.filter((state) => state === to || allowed(state, to));
  const inFlight = to === undefined || to === 'running' || to === 'blocked';
  const result = await tx
    .updateTable('run_step')
    .set(inFlight && set.drive !== undefined ? { ...set, drive: keepingWishes(set.drive) } : set)
    .where('run_id', '=', claim.run.id)
    .where('step_id', '=', claim.step.step_id)
    .where('epoch', '=', claim.step.epoch)
    .where('state', 'in', from)
    .executeTakeFirst();
  if (Number(result.numUpdatedRows) === 0) throw new Fenced(claim.run.id, claim.step.step_id);
}

/** The engine's new position in a step, with what a person may have written beside it meanwhile. */
function keepingWishes(drive: Updateable<Database['run_step']>['drive']) {
  return sql<string>`${drive}::jsonb || jsonb_strip_nulls(jsonb_build_object(
    'cancel', run_step.drive->'cancel', 'takeOver', run_step.drive->'takeOver'))`;
}
