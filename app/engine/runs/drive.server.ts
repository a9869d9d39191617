import type { RunJob } from '../../stores/run/run-queue.server.ts';
import { applyStep } from './apply-step.server.ts';
import { type ClaimedMove, claimMove } from './claim-move.server.ts';
import type { EngineDeps } from './deps.ts';
import { finishRun } from './finish-run.server.ts';
import { lookStep } from './look-step.server.ts';
import { planStep } from './plan-step.server.ts';

/** Steps a segment may walk through before it hands over to the next job. */
const longest = 100;

/**
 * One segment of a run: moves on until a person, a lock or a scheduled look comes next. What it throws goes back to the
 * queue and is tried again; a late record of a process that lost its step ends it quietly.
 */
export async function driveRun(deps: EngineDeps, job: RunJob, signal: AbortSignal): Promise<void> {
  try {
    await moveOn(deps, job, signal);
  } catch (error) {
    if ((error as Error).name !== 'Fenced') throw error;
    deps.log.warn({ run: job.runId, err: error }, 'a late record was refused');
  }
  await deps.hooks?.at('before-acknowledge', { runId: job.runId, stepId: null, direction: null, key: null });
}

async function moveOn(deps: EngineDeps, job: RunJob, signal: AbortSignal): Promise<void> {
  for (let moves = 0; moves < longest; moves++) {
    signal.throwIfAborted();
    if (!(await make(deps, job, await claimMove(deps, job), signal))) return;
  }
}

/** Makes one move. Returns true when the run may go on at once. */
async function make(deps: EngineDeps, job: RunJob, move: ClaimedMove, signal: AbortSignal): Promise<boolean> {
  if (move.kind === 'plan') return planStep(deps, move.claim, signal);
  if (move.kind === 'look') return lookStep(deps, move.claim, signal);
  if (move.kind === 'apply') return applyStep(deps, move.claim, move.attempt, signal);
  if (move.kind === 'finish') await finishRun(deps, job.runId);
  return false;
}
