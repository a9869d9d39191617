import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { actionKind } from '../../domain/run/catalogue.ts';
import type { RunState } from '../../domain/run/run.ts';
import type { StepDefinition } from '../../domain/runbook/runbook.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { SendRun } from './run-queue.server.ts';

/** A run about to be opened; inputs are resolved, steps are as the file had them. */
export interface NewRun {
  template: string;
  title: string;
  state: Extract<RunState, 'prepared' | 'open'>;
  service: string | null;
  incidentId: string | null;
  inputs: Record<string, string>;
  steps: StepDefinition[];
  digest: string;
  source: string;
  openedBy: string;
  openedAt: number;
}

/** SHA-256 of what a built-in template is made of, in place of a file's bytes. */
export function digestOf(steps: readonly StepDefinition[]): string {
  return createHash('sha256').update(JSON.stringify(steps)).digest('hex');
}

/** An open run of the same template, incident and inputs; null when there is none. Holds off others who would open the same until the caller commits. */
export async function sameOpenRun(
  tx: Tx,
  run: Pick<NewRun, 'template' | 'incidentId'> & { inputs: Record<string, string> | null },
): Promise<string | null> {
  const key = `${run.template} ${run.incidentId ?? ''} ${JSON.stringify(run.inputs)}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
  let query = tx
    .selectFrom('run')
    .select('id')
    .where('template', '=', run.template)
    .where('incident_id', 'is not distinct from', run.incidentId)
    .where('state', 'in', ['prepared', 'open'])
    .orderBy('opened_at', 'desc');
  if (run.inputs) query = query.where(sql<boolean>`inputs = ${JSON.stringify(run.inputs)}::jsonb`);
  return (await query.executeTakeFirst())?.id ?? null;
}

/** Writes a run with its steps and asks the engine for its first plan, in the caller's transaction. */
export async function insertRun(tx: Tx, send: SendRun, run: NewRun): Promise<string> {
  const id = randomBytes(8).toString('hex');
  await tx
    .insertInto('run')
    .values({
      id,
      template: run.template,
      title: run.title,
      state: run.state,
      service: run.service,
      incident_id: run.incidentId,
      inputs: JSON.stringify(run.inputs),
      steps: JSON.stringify(run.steps),
      digest: run.digest,
      source: run.source,
      opened_by: run.openedBy,
      opened_at: run.openedAt,
      ended_at: null,
    })
    .execute();
  // Whatever happens to the file: what was opened can be read as it was.
  await sql`insert into run_file (digest, bytes)
    select file->>'digest', convert_to(file->>'text', 'UTF8') from catalog_version, jsonb_array_elements(files) file
    where file->>'digest' = ${run.digest} limit 1 on conflict do nothing`.execute(tx);
  if (run.steps.length > 0) {
    await tx
      .insertInto('run_step')
      .values(
        run.steps.map((step, index) => ({
          run_id: id,
          step_id: step.id,
          index,
          uses: step.uses,
          // The plan knows better once the world was read.
          kind: actionKind(step.uses, step.with) ?? ('people' as const),
          state: 'pending' as const,
          result: 'none' as const,
          attempt: 0,
          epoch: 0,
          outputs: '{}',
        })),
      )
      .execute();
  }
  await send(tx, { runId: id, look: null });
  return id;
}
