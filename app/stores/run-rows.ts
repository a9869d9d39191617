import type { Selectable } from 'kysely';
import type { Run, RunStep } from '../domain/run/run.ts';
import type { Database } from './schema.ts';

export type RunRow = Selectable<Database['run']>;
export type StepRow = Selectable<Database['run_step']>;

/** States in which a change stands in the world and may be taken back. */
const reversible = new Set<StepRow['state']>(['succeeded', 'verifying', 'failed']);

/**
 * Ids of the steps that may be undone now: changes of an open run that captured what stood there,
 * last in, first out. Only the newest one qualifies.
 */
export function undoableStep(run: Pick<RunRow, 'state'>, steps: readonly StepRow[]): string | null {
  if (run.state !== 'open') return null;
  const changed = steps
    .filter((step) => step.captured !== null && reversible.has(step.state))
    .sort((a, b) => (b.confirmed_at ?? 0) - (a.confirmed_at ?? 0) || b.index - a.index);
  return changed[0]?.step_id ?? null;
}

/** A run as pages show it. `steps` in any order. */
export function toRun(row: RunRow, rows: readonly StepRow[]): Run {
  const undoable = undoableStep(row, rows);
  return {
    id: row.id,
    template: row.template,
    title: row.title,
    state: row.state,
    service: row.service,
    incidentId: row.incident_id,
    inputs: row.inputs,
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    digest: row.digest,
    steps: [...rows]
      .sort((a, b) => a.index - b.index)
      .map((step) => toStep(step, row.steps.find((one) => one.id === step.step_id)?.title ?? step.step_id, undoable)),
  };
}

function toStep(row: StepRow, title: string, undoable: string | null): RunStep {
  return {
    id: row.step_id,
    index: row.index,
    title,
    uses: row.uses,
    kind: row.kind,
    state: row.state,
    result: row.result,
    reason: row.reason,
    planHash: row.plan_hash,
    plan: row.plan,
    attempt: row.attempt,
    confirmedBy: row.confirmed_by?.name ?? null,
    confirmedAt: row.confirmed_at,
    effectAt: row.effect_at,
    endedAt: row.ended_at,
    verification: row.verification,
    evidence: row.evidence,
    outputs: row.outputs,
    captured: row.captured,
    undoable: undoable === row.step_id,
  };
}
