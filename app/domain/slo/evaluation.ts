import type { Tier, WindowName } from './slo.ts';

/** Burn over one window that ends at the evaluation time. Counts are events; `burn` is null when there was no event or no data. */
export interface WindowBurn {
  window: WindowName;
  bad: number;
  total: number;
  burn: number | null;
  /** Share of the window's minutes with known data, 0 to 1. */
  coverage: number;
}

/** Numbers of the whole SLO period, event-weighted. */
export interface PeriodBudget {
  start: number;
  end: number;
  bad: number;
  total: number;
  /** Share of good events, null without events. */
  sli: number | null;
  /** Share of the error budget left: 1 untouched, 0 gone, negative overspent; null without events. */
  budgetRemaining: number | null;
  coverage: number;
}

/** When the budget is gone at today's burn, as a clock time with a range; null when it does not run out within the period. */
export interface Exhaustion {
  at: number;
  earliest: number;
  latest: number;
  /** The same without the bad events that age out of a rolling period: remaining · period / burn. */
  withoutAgeing?: number;
}

/** When the alert lets go if every request succeeds from the evaluation time on, before the data's delay; null when it is not on. */
export interface Clearing {
  /** No page tier fires any more. */
  page: number | null;
  /** No tier fires any more. */
  all: number | null;
}

/** What a fixed service gets back: the share of budget left at `at`, as old bad events age out of a rolling window. */
export interface Recovery {
  at: number;
  budgetRemaining: number;
}

/** Why a number is or is not there. `data-error` is good over total; `stale` is a source that does not answer. */
export type SloCondition = 'ok' | 'no-traffic' | 'no-data' | 'stale' | 'data-error' | 'traffic-vanished';

/** Everything one evaluation says of an SLO; stored as JSON, drawn by pages, read by verification. Times are ms since the epoch. */
export interface SloEvaluation {
  slo: string;
  /** The pinned evaluation time: every window ends here (exclusive end of the last counted minute). */
  at: number;
  /** End of the newest minute with known data; null before any. */
  dataTo: number | null;
  condition: SloCondition;
  /** One sentence for a condition other than ok, with its numbers. */
  reason: string | null;
  objective: number;
  windows: Record<WindowName, WindowBurn>;
  period: PeriodBudget;
  exhaustion: Exhaustion | null;
  recovery: Recovery | null;
  /** The most urgent tier whose two windows both exceed their factor; null when none does. */
  tier: Tier | null;
  /** Factor of `tier`, or of the page-fast tier when none fires (the bound a page shows). */
  factor: number;
  /** Absent while no tier fires. */
  clearing?: Clearing;
}

/** One point of a burn chart: burn of the single minute (or null), on data of that minute only. */
export interface BurnPoint {
  at: number;
  bad: number;
  total: number;
  burn: number | null;
  /** False while points may still arrive late. */
  settled: boolean;
}
