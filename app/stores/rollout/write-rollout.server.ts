import type { Brake } from '../../domain/rollout/next-move.ts';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import { afterEvent, isEnded, type RolloutEvent } from '../../domain/rollout/transitions.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { RunStoreDeps } from '../run/runs.server.ts';
import { toRollout } from './rollout-rows.ts';

/** One change of a rollout's state. `text` is what pages, history and audit say of it. */
export interface RolloutChange {
  event: RolloutEvent;
  text: string;
  /** Email and name of whoever makes it; the engine is `engine`. */
  by: Pick<Actor, 'email' | 'name'>;
  held?: Brake | null;
  stage?: number;
  effectAt?: number | null;
  actsFor?: Actor;
  backTries?: number;
  /** Share that is set from here on, percent. */
  percent?: number;
  reason?: string | null;
  address?: string | null;
}

/** The engine, as history and audit name it. */
export const byEngine = { email: 'engine', name: 'Firebreak' };

/**
 * The one conditional update of a rollout: refused (`plan_stale`) unless it stands as `rollout` was read. Its history and audit
 * line are one transaction with it; its owners are told of what the history says.
 */
export async function writeRollout(
  deps: Pick<RunStoreDeps, 'clock' | 'notify' | 'audit'>,
  tx: Tx,
  rollout: Rollout,
  change: RolloutChange,
): Promise<Rollout> {
  const to = afterEvent(rollout.state, change.event);
  if (to === null) throw new AppError('already_done', 'The rollout has moved on; read it again.');
  const at = deps.clock.now();
  const { stage = rollout.stage, effectAt = rollout.effectAt, backTries = rollout.backTries } = change;
  const held = change.held ? { reason: change.held.reason, text: change.held.text, since: at } : null;
  const { [rollout.stage]: _fell, ...otherApprovals } = rollout.approvals;
  const row = await tx
    .updateTable('rollout')
    .set({
      state: to,
      state_since: at,
      stage,
      held: held && JSON.stringify(held),
      effect_at: effectAt,
      back_tries: backTries,
      epoch: rollout.epoch + 1,
      acts_for: change.actsFor ? JSON.stringify(change.actsFor) : rollout.actsFor && JSON.stringify(rollout.actsFor),
      ...(change.held?.unapproves ? { approvals: JSON.stringify(otherApprovals) } : {}),
      // A verdict is of one stage in effect.
      ...(effectAt === null ? { verdict: null } : {}),
      ended_at: isEnded(to) ? at : null,
    })
    .where('id', '=', rollout.id)
    .where('epoch', '=', rollout.epoch)
    .where('state', '=', rollout.state)
    .returningAll()
    .executeTakeFirst();
  if (!row) throw new AppError('plan_stale', 'The rollout has moved on; read it again.');
  await tx
    .insertInto('rollout_entry')
    .values({
      rollout_id: rollout.id,
      at,
      stage,
      state: to,
      by: change.by.name,
      text: change.text,
      percent: change.percent ?? null,
    })
    .execute();
  const after = toRollout(row);
  const word = [rollout, after].some((one) => one.held?.reason === 'approval');
  await deps.notify('rollouts', tx, ...(word ? ['approvals'] : []));
  await deps.audit(tx, {
    at,
    actor: change.by.email,
    action: `rollout.${change.event}`,
    target: rollout.target,
    runId: null,
    stepId: null,
    reason: change.reason ?? null,
    before: { rollout: rollout.id, state: rollout.state, stage: rollout.stage },
    after: { state: to, stage, text: change.text },
    address: change.address ?? null,
  });
  return after;
}
