import {
  askToGiveWay,
  holderOf,
  type LockClaim,
  nextEpoch,
  seizeLock,
  type TargetHolder,
  takeLock,
  tryLock,
} from '../../stores/run/locks.server.ts';
import type { StepDrive } from '../../stores/run/step-drive.ts';
import { type Claim, writeStep } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';
import { told } from './told.server.ts';

/** Wall ms that the end of a call is waited for that was asked to give way. */
export const giveWayWithin = 5_000;
const lookEvery = 100;

/** How a step came to its target: `preempted` when its holder had to give way, `blocked` when it waits for the holder. */
export type Taken = 'taken' | 'preempted' | 'blocked';

/**
 * Takes the step's target. A stop makes a forward run give way, and so does a person who takes over; everybody else waits,
 * and the release enqueues them.
 */
export async function takeTarget(
  deps: EngineDeps,
  claim: Claim,
  target: string,
  kind: 'stop' | 'forward',
  signal: AbortSignal,
): Promise<Taken> {
  const wanted: LockClaim = {
    target,
    runId: claim.run.id,
    stepId: claim.step.step_id,
    kind,
    epoch: claim.step.epoch,
    holder: claim.step.confirmed_by?.name ?? 'Firebreak',
    at: deps.clock.now(),
  };
  const holder = await takeOrWait(deps, claim, wanted);
  if (!holder) return 'taken';
  if (!givesWay(claim, wanted, holder)) return 'blocked';
  return preempt(deps, claim, wanted, holder, signal);
}

/** True when the holder has to give way: to a stop, or to the step that a person lets take over from exactly this one. */
function givesWay({ step }: Claim, wanted: LockClaim, holder: TargetHolder): boolean {
  const { takeOver } = step.drive;
  if (takeOver?.runId === holder.runId && takeOver.stepId === holder.stepId) return true;
  return wanted.kind === 'stop' && holder.kind === 'forward';
}

/** One try. Whoever has to wait says so in the same transaction, so that a release in that moment still finds them. */
async function takeOrWait(deps: EngineDeps, claim: Claim, wanted: LockClaim): Promise<TargetHolder | null> {
  if (await tryLock(deps.db, wanted)) return null;
  return deps.db.transaction().execute(async (tx) => {
    const holder = await takeLock(tx, wanted);
    if (!holder || givesWay(claim, wanted, holder)) return holder;
    const { look: _look, ...drive } = claim.step.drive;
    await writeStep(tx, claim, ['running', 'blocked'], {
      state: 'blocked',
      reason: `${holder.holder} acts on the same target right now; this starts when that has ended.`,
      drive: JSON.stringify(drive),
    });
    await told(deps, tx, claim.run);
    return holder;
  });
}

async function preempt(
  deps: EngineDeps,
  claim: Claim,
  wanted: LockClaim,
  first: TargetHolder,
  signal: AbortSignal,
): Promise<Taken> {
  await askToGiveWay(deps.db, wanted.target, first, wanted.runId);
  const deadline = deps.clock.wall() + giveWayWithin;
  for (;;) {
    const holder = await holderOf(deps.db, wanted.target);
    // Free, or another stop was faster: then this one waits for that like any other.
    if (!holder || !givesWay(claim, wanted, holder)) {
      const next = await takeOrWait(deps, claim, wanted);
      if (!next) return 'preempted';
      if (!givesWay(claim, wanted, next)) return 'blocked';
      await askToGiveWay(deps.db, wanted.target, next, wanted.runId);
    } else if (deps.clock.wall() >= deadline || !(await callInFlight(deps, holder))) {
      if (await seize(deps, claim, wanted, holder)) return 'preempted';
    }
    await pause(lookEvery, signal);
  }
}

/** True while the holder has declared an effect whose outcome is not known yet. */
async function callInFlight(deps: EngineDeps, holder: TargetHolder): Promise<boolean> {
  const open = await deps.db
    .selectFrom('step_attempt')
    .select('attempt')
    .where('run_id', '=', holder.runId)
    .where('step_id', '=', holder.stepId)
    .where('outcome_at', 'is', null)
    .executeTakeFirst();
  return open !== undefined;
}

/** Takes the target by force: the holder's step ends here, and its raised fence refuses whatever it still records. */
async function seize(deps: EngineDeps, claim: Claim, wanted: LockClaim, holder: TargetHolder): Promise<boolean> {
  return deps.db.transaction().execute(async (tx) => {
    if (!(await seizeLock(tx, wanted, holder))) return false;
    const now = deps.clock.now();
    const { takeOver } = claim.step.drive;
    const stopped = `${wanted.holder} stopped this: a stop on the same target goes first.`;
    const why = takeOver ? takenOverText(takeOver) : stopped;
    await tx
      .updateTable('run_step')
      .set({ epoch: await nextEpoch(tx), state: 'failed', reason: why, ended_at: now, drive: '{}' })
      .where('run_id', '=', holder.runId)
      .where('step_id', '=', holder.stepId)
      .where('state', 'in', ['running', 'blocked'])
      .execute();
    await tx
      .updateTable('step_attempt')
      .set({ outcome_at: now, outcome: JSON.stringify({ preempted: wanted.runId }) })
      .where('run_id', '=', holder.runId)
      .where('step_id', '=', holder.stepId)
      .where('outcome_at', 'is', null)
      .execute();
    await told(deps, tx, { id: holder.runId });
    await deps.audit(tx, {
      at: now,
      actor: wanted.holder,
      action: 'target.seized',
      target: wanted.target,
      runId: wanted.runId,
      stepId: wanted.stepId,
      reason: why,
      before: { runId: holder.runId, stepId: holder.stepId },
      after: null,
      address: null,
    });
    return true;
  });
}

/** What the step is told that somebody took over from. */
export function takenOverText({ by, reason }: NonNullable<StepDrive['takeOver']>): string {
  return `${by} took this over: ${reason}`;
}

/** Waits `ms` of wall time, or throws when the segment has to end. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, ms));
  signal.throwIfAborted();
}
