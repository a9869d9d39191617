import type { Generated } from 'kysely';
import type { RolloutPlan, RolloutSubject } from '../../domain/rollout/plan.ts';
import type { Held, Rollout, RolloutEntry, RolloutRun } from '../../domain/rollout/rollout.ts';
import type { RolloutState } from '../../domain/rollout/transitions.ts';
import type { StageVerdict } from '../../domain/rollout/verdict.ts';
import type { Actor } from '../../domain/run/run.ts';
import type { Json, JsonOrNull } from './json.ts';

/** Guarded rollouts. */
export interface RolloutTables {
  rollout: {
    id: string;
    kind: RolloutSubject['kind'];
    /** The flag or the revision. */
    name: string;
    target: string;
    subject: Json<RolloutSubject>;
    service: string;
    title: string;
    plan: Json<RolloutPlan>;
    shadow: boolean;
    state: RolloutState;
    state_since: number;
    stage: number;
    back_tries: Generated<number>;
    epoch: number;
    held: JsonOrNull<Held>;
    effect_at: number | null;
    verdict: JsonOrNull<StageVerdict>;
    opened_by: Json<Actor>;
    opened_at: number;
    acts_for: JsonOrNull<Actor>;
    approvals: Json<Rollout['approvals']>;
    ended_at: number | null;
  };
  rollout_run: {
    rollout_id: string;
    direction: RolloutRun['direction'];
    stage: number;
    attempt: number;
    run_id: string;
  };
  rollout_entry: {
    id: Generated<number>;
    rollout_id: string;
    at: RolloutEntry['at'];
    stage: number;
    state: RolloutState;
    by: string;
    text: string;
    percent: number | null;
    /** True once its owners were told. */
    told: Generated<boolean>;
  };
  /** Counts of impact metrics by the minute that ends then, and by what the flag answered. */
  impact_minute: {
    flag: string;
    environment: string;
    metric: string;
    answer: string;
    minute: number;
    count: number;
    seen_at: number;
  };
}
