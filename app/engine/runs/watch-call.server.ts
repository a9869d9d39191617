import { holderOf } from '../../stores/run/locks.server.ts';
import type { Claim } from './claim.server.ts';
import type { EngineDeps } from './deps.ts';

/** Why a running call is asked to end. */
export type EndReason = 'preempted' | 'cancelled' | 'fenced';

/** Wall ms between looks at whether the running call should end. */
const lookEvery = 250;

/** Watches over a call in flight: `signal` ends it when a stop wants its target, a person cancels, or another process took over. */
export function watchCall(deps: EngineDeps, claim: Claim, target: string | null, parent: AbortSignal) {
  const controller = new AbortController();
  let reason: EndReason | null = null;
  let looking = false;
  const end = (why: EndReason) => {
    reason ??= why;
    controller.abort(new Error(`the call was asked to end: ${why}`));
  };
  const timer = setInterval(() => {
    if (looking || reason) return;
    looking = true;
    look()
      .catch((error: unknown) => deps.log.debug({ err: error }, 'a running call could not be watched'))
      .finally(() => {
        looking = false;
      });
  }, lookEvery);
  timer.unref();

  async function look(): Promise<void> {
    const step = await deps.db
      .selectFrom('run_step')
      .select(['epoch', 'drive'])
      .where('run_id', '=', claim.run.id)
      .where('step_id', '=', claim.step.step_id)
      .executeTakeFirst();
    if (!step || step.epoch !== claim.step.epoch) return end('fenced');
    if (step.drive.cancel) return end('cancelled');
    const holder = target === null ? null : await holderOf(deps.db, target);
    if (holder?.runId === claim.run.id && holder.preemptedBy !== null) end('preempted');
  }

  return {
    signal: AbortSignal.any([parent, controller.signal]),
    reason: () => reason,
    stop: () => clearInterval(timer),
  };
}
