import type { Selectable } from 'kysely';
import { flagOf } from '../../domain/run/flag-of.ts';
import type { Run, RunStep } from '../../domain/run/run.ts';
import type { Database } from '../schema.ts';
import { undoHash } from './undo-hash.server.ts';

export type RunRow = Selectable<Database['run']>;
export type StepRow = Selectable<Database['run_step']>;

/** States in which a change may stand in the world and be taken back; `planned` after a first move, or a try that stopped half way. */
const reversible = new Set<StepRow['state']>(['succeeded', 'verifying', 'failed', 'planned']);
/** States of a change whose effect comes, or may have come. */
const underWay = new Set<StepRow['state']>(['running', 'blocked', 'unknown']);

/**
 * The step that may be undone now: of the changes of an open run that captured what stood there the newest one, last in,
 * first out. Null while a change confirmed later is under way: what it captured is what this one left.
 */
export function undoableStep(run: Pick<RunRow, 'state'>, steps: readonly StepRow[]): string | null {
  if (run.state !== 'open') return null;
  const changed = steps
    .filter((step) => (step.captured !== null && reversible.has(step.state)) || isUnderWay(step))
    .sort((a, b) => (b.confirmed_at ?? 0) - (a.confirmed_at ?? 0) || b.index - a.index);
  const newest = changed[0];
  return newest && !isUnderWay(newest) ? newest.step_id : null;
}

function isUnderWay(step: StepRow): boolean {
  return (step.kind === 'stop' || step.kind === 'forward') && underWay.has(step.state);
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
    ...(row.assignee ? { assignee: row.assignee } : {}),
    digest: row.digest,
    steps: [...rows].sort((a, b) => a.index - b.index).map((step) => toStep(row, step, undoable)),
  };
}

function toStep(run: Pick<RunRow, 'steps' | 'inputs'>, row: StepRow, undoable: string | null): RunStep {
  const definition = run.steps.find(({ id }) => id === row.step_id);
  return {
    id: row.step_id,
    index: row.index,
    title: definition?.title ?? row.step_id,
    uses: row.uses,
    flag: flagOf(row, definition?.with.flag, run.inputs),
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
    undoHash: undoable === row.step_id ? undoHash(row) : null,
    ...(row.drive.movedOn ? { movedOn: true } : {}),
  };
}
