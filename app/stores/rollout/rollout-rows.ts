import type { Selectable } from 'kysely';
import type { Rollout } from '../../domain/rollout/rollout.ts';
import type { Database } from '../schema.ts';

/** A rollout as pages and the engine see it. */
export function toRollout(row: Selectable<Database['rollout']>): Rollout {
  return {
    id: row.id,
    subject: row.subject,
    target: row.target,
    service: row.service,
    title: row.title,
    plan: row.plan,
    shadow: row.shadow,
    state: row.state,
    stateSince: row.state_since,
    stage: row.stage,
    backTries: row.back_tries,
    epoch: row.epoch,
    held: row.held,
    effectAt: row.effect_at,
    verdict: row.verdict,
    openedBy: row.opened_by,
    openedAt: row.opened_at,
    actsFor: row.acts_for,
    approvals: row.approvals,
    endedAt: row.ended_at,
  };
}
