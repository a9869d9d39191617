import { minuteMs } from '../slo/series.ts';
import { factorOf, guardName, type RolloutGuard, type RolloutStage } from './plan.ts';

/** What is known of a guard's promise: its objective, its period and how late its minutes are complete. */
export interface GuardFacts {
  objective: number;
  /** Minutes of the SLO's period; null for a metric, which has no budget. */
  periodMinutes: number | null;
  settle: number;
}

/** What a guard can see at a stage. */
export interface GuardSight {
  guard: string;
  /** Burn while everybody who has it fails. */
  total: number;
  /** Share of failures among those who have it, from which on it is seen; over 1 it never is. */
  leastVisible: number;
  blind: boolean;
}

/** What a stage may do unseen, and what it may cost. */
export interface StageSight {
  guards: GuardSight[];
  /** No guard sees even a total failure. */
  blind: boolean;
  /** The smallest failure among those who have it that some guard sees, 0 to 1; null when none does. */
  leastVisible: number | null;
  /** Minutes of total outage that the stage may cost at most until it is taken back or over, and of how many in the period. */
  cost: { minutes: number; of: number | null };
}

/** ms from a breach in the data to the end of the rollback: one look, the call, the slowest poll. */
const takeBack = minuteMs;

/**
 * What the guards of a stage can see. Of the whole service a failing share `h` of `percent` burns percent·h / (1 − S); of the
 * cohort alone h / (1 − S). It costs at most the larger of a total failure until it is seen, and of the failure just under
 * sight for the whole hold.
 */
export function stageSight(stage: RolloutStage, facts: readonly GuardFacts[]): StageSight {
  const share = stage.percent / 100;
  const guards = stage.guards.map((guard, index) => sightOf(guard, share, facts[index]!.objective));
  const seeing = guards.filter(({ blind }) => !blind);
  const leastVisible = seeing.length > 0 ? Math.min(...seeing.map((one) => one.leastVisible)) : null;
  const settle = Math.max(0, ...facts.map((one) => one.settle));
  const seenAfter = Math.min(stage.hold, stage.window.short * minuteMs) + settle + takeBack;
  const whole = stage.hold + settle + takeBack;
  const ms = leastVisible === null ? share * whole : share * Math.max(seenAfter, leastVisible * whole);
  const budgets = facts.flatMap(({ objective, periodMinutes }) =>
    periodMinutes === null ? [] : [periodMinutes * (1 - objective)],
  );
  const of = budgets.length > 0 ? Math.min(...budgets) : null;
  return { guards, blind: leastVisible === null, leastVisible, cost: { minutes: ms / minuteMs, of } };
}

function sightOf(guard: RolloutGuard, share: number, objective: number): GuardSight {
  const total = (guard.judge === 'cohort' ? 1 : share) / (1 - objective);
  const leastVisible = factorOf(guard) / total;
  // The tolerance absorbs the rounding of 1 − objective.
  return { guard: guardName(guard), total, leastVisible, blind: leastVisible > 1 + 1e-9 };
}
