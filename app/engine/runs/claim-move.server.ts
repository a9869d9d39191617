import type { RunJob } from '../../stores/run/run-queue.server.ts';
import { type Attempt, openAttempt } from './attempts.server.ts';
import { chooseMove } from './choose-move.ts';
import { type Claim, claimStep, loadRun } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';

/** What a segment does next, with the step that it claimed for it; see `NextMove`. */
export type ClaimedMove =
  | { kind: 'plan' | 'look'; claim: Claim }
  /** `attempt`: the effect that was declared and whose outcome nobody recorded. */
  | { kind: 'apply'; claim: Claim; attempt: Attempt | null }
  | { kind: 'rest' | 'finish' };

/**
 * Chooses a run's next move and claims its step, in one transaction: whoever drove it before is fenced before its open attempt
 * is read.
 */
export async function claimMove(deps: EngineDeps, job: RunJob): Promise<ClaimedMove> {
  return deps.db.transaction().execute(async (tx) => {
    const loaded = await loadRun(tx, job.runId);
    if (!loaded) return { kind: 'rest' };
    const move = chooseMove(loaded.run, loaded.steps, job.look);
    if (move.kind === 'rest' || move.kind === 'finish') return move;
    const claim = await claimStep(tx, loaded.run, loaded.steps, move.stepId);
    return move.kind === 'apply'
      ? { kind: move.kind, claim, attempt: await openAttempt(tx, claim) }
      : { kind: move.kind, claim };
  });
}
