import { undoableStep } from '../../stores/run-rows.ts';
import { loadRun } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';
import { told } from './told.server.ts';

/** Data ms for which the last change of a run can be undone after its incident is over. */
export const undoFor = 30 * 60_000;

/**
 * Ends a run whose steps are all over. While its last change can still be undone it stays open: as long as its incident
 * is open, and half an hour longer.
 */
export async function finishRun(deps: EngineDeps, runId: string): Promise<void> {
  const loaded = await loadRun(deps.db, runId);
  if (!loaded) return;
  const { run, steps } = loaded;
  const now = deps.clock.now();
  if (undoableStep(run, steps) !== null) {
    const incident =
      run.incident_id === null
        ? undefined
        : await deps.db.selectFrom('incident').select('status').where('id', '=', run.incident_id).executeTakeFirst();
    const last = Math.max(...steps.map((step) => step.ended_at ?? 0));
    if (incident?.status === 'open' || now < last + undoFor) return;
  }
  await deps.db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('run')
      .set({ state: 'done', ended_at: now })
      .where('id', '=', runId)
      .where('state', 'in', ['open', 'prepared'])
      .executeTakeFirst();
    if (Number(ended.numUpdatedRows) > 0) await told(deps, tx, run);
  });
}
