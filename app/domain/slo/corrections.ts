import type { Sums } from './series.ts';

/**
 * What a person said of an SLO's budget beside what was measured. An exclusion leaves out the events of its stretch, as they
 * were counted when it was approved; an adjustment adds bad events (negative: takes them away). Times ms.
 */
export interface BudgetCorrection {
  id: string;
  slo: string;
  kind: 'exclusion' | 'adjustment';
  from: number;
  to: number;
  bad: number;
  /** Events left out with an exclusion; 0 of an adjustment. */
  total: number;
  reason: string;
  approvedBy: string;
  approvedAt: number;
}

/** Whether a correction is of what is counted since `changedAt` (ms; null: always): one that was signed before is of counts of another indicator. */
export function isOfIndicator({ approvedAt }: Pick<BudgetCorrection, 'approvedAt'>, changedAt: number | null): boolean {
  return changedAt === null || approvedAt >= changedAt;
}

/** Counts with corrections: never under none, and never more bad events than events. */
export function correctedSums(
  { bad, total }: Pick<Sums, 'bad' | 'total'>,
  corrections: readonly Pick<BudgetCorrection, 'kind' | 'bad' | 'total'>[],
): { bad: number; total: number } {
  let [badLeft, totalLeft] = [bad, total];
  for (const each of corrections) {
    badLeft += each.kind === 'exclusion' ? -each.bad : each.bad;
    totalLeft -= each.kind === 'exclusion' ? each.total : 0;
  }
  const all = Math.max(0, totalLeft);
  return { bad: Math.min(all, Math.max(0, badLeft)), total: all };
}
