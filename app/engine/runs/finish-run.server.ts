import type { Tx } from '../../platform/db.server.ts';
import { type RunRow, type StepRow, undoableStep } from '../../stores/run/run-rows.ts';
import { holdRun, loadRun } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';
import { told } from './told.server.ts';

/** Data ms for which the last change of a run can be undone after its incident is over. */
export const undoFor = 30 * 60_000;

/**
 * Ends a run whose steps are all over. While its last change can still be undone it stays open: as long as its incident
 * is open, and half an hour longer.
 */
export async function finishRun(deps: EngineDeps, runId: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    // Decisions of people hold the same row: an undo that was asked for since is not ended under their hands.
    await holdRun(tx, runId);
    const loaded = await loadRun(tx, runId);
    if (loaded?.steps.every(isOver)) await endRun(deps, tx, loaded);
  });
}

const isOver = ({ state }: StepRow) => state === 'succeeded' || state === 'skipped' || state === 'undone';

async function endRun(deps: EngineDeps, tx: Tx, { run, steps }: { run: RunRow; steps: StepRow[] }): Promise<void> {
  const now = deps.clock.now();
  if (undoableStep(run, steps) !== null) {
    const incident =
      run.incident_id === null
        ? undefined
        : await tx.selectFrom('incident').select('status').where('id', '=', run.incident_id).executeTakeFirst();
    const last = Math.max(...steps.map((step) => step.ended_at ?? 0));
    if (incident?.status === 'open' || now < last + undoFor) return;
  }
  const ended = await tx
    .updateTable('run')
    .set({ state: 'done', ended_at: now })
    .where('id', '=', run.id)
    .where('state', 'in', ['open', 'prepared'])
    .executeTakeFirst();
  if (Number(ended.numUpdatedRows) > 0) await told(deps, tx, run);
}
