import type { Insertable } from 'kysely';
import type { Db } from '#app/platform/db.server.ts';
import type { Database } from '#app/stores/schema.ts';

type StepParts = Partial<Omit<Insertable<Database['run_step']>, 'run_id' | 'plan'>> & {
  plan?: Record<string, unknown>;
};

/** Writes an open run of one step, as if it had been driven there: a flag's kill that succeeded, unless said otherwise. */
export async function insertRun(
  db: Db,
  run: Partial<Insertable<Database['run']>> & { id: string },
  { plan = {}, ...step }: StepParts = {},
): Promise<string> {
  await db
    .insertInto('run')
    .values({
      template: 'template:flag.kill',
      title: run.id,
      state: 'open',
      inputs: '{}',
      steps: '[]',
      digest: '',
      source: '',
      opened_by: 'ada',
      opened_at: 1,
      ...run,
    })
    .execute();
  await db
    .insertInto('run_step')
    .values({
      run_id: run.id,
      step_id: 'kill',
      index: 0,
      uses: 'flag.kill',
      kind: 'stop',
      state: 'succeeded',
      result: 'none',
      attempt: 1,
      epoch: 1,
      outputs: '{}',
      ...step,
      plan: JSON.stringify(plan),
    })
    .execute();
  return run.id;
}
