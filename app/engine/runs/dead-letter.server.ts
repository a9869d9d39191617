import { holderOf, releaseLock } from '../../stores/run/locks.server.ts';
import type { RunJob } from '../../stores/run/run-queue.server.ts';
import { claimStep, holdRun, loadRun, writeStep } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';
import { auditLine } from './outcome.server.ts';
import { told } from './told.server.ts';

const inFlight = ['running', 'blocked', 'verifying'] as const;

/**
 * A segment failed every time it was tried. The step it drove becomes `unknown`, its target is free again, and a person
 * decides. Steps that were not in flight stay as they are.
 */
export async function buryRun(deps: EngineDeps, job: RunJob, why: string): Promise<void> {
  const loaded = await loadRun(deps.db, job.runId);
  if (!loaded) return;
  const stuck = loaded.steps.find((step) => inFlight.some((state) => state === step.state));
  if (!stuck) return;
  const claim = await claimStep(deps.db, loaded.run, loaded.steps, stuck.step_id);
  const now = deps.clock.now();
  const reason = `This step could not be driven to its end: ${why}. Look at the target, then say whether it is done.`;
  await deps.db.transaction().execute(async (tx) => {
    await holdRun(tx, job.runId);
    const target = claim.step.plan?.target;
    if (target) await holderOf(tx, target, true);
    await tx
      .updateTable('step_attempt')
      .set({ outcome_at: now, outcome: JSON.stringify({ result: 'unknown', text: why }) })
      .where('run_id', '=', claim.run.id)
      .where('step_id', '=', claim.step.step_id)
      .where('outcome_at', 'is', null)
      .execute();
    const { progress, direction } = claim.step.drive;
    await writeStep(tx, claim, inFlight, {
      state: 'unknown',
      reason,
      ended_at: now,
      drive: JSON.stringify({ progress, direction }),
    });
    // In a cancelled run nobody could decide what became of it.
    await tx
      .updateTable('run')
      .set({ state: 'open', ended_at: null })
      .where('id', '=', claim.run.id)
      .where('state', '=', 'cancelled')
      .execute();
    if (target) await releaseLock(tx, deps.send, target, claim.run.id, claim.step.step_id);
    await told(deps, tx, claim.run);
    await auditLine(deps, tx, claim, 'step.unknown', reason, now, null, null);
  });
}
