import { budgetLeft, elapsedShare } from '../../domain/slo/budget.ts';
import { type BudgetEvents, budgetEvents } from '../../domain/slo/budget-events.ts';
import { type BudgetPoint, burnDown } from '../../domain/slo/burn-down.ts';
import { type BudgetCorrection, correctedSums, isOfIndicator } from '../../domain/slo/corrections.ts';
import type { SloEvaluation } from '../../domain/slo/evaluation.ts';
import { type BurnSpell, budgetLedger, type LedgerLine } from '../../domain/slo/ledger.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import type { StoredCounts } from '../../domain/slo/stored-counts.ts';

/** What the budget of the period up to the evaluation went on. Times ms. */
export interface BudgetView {
  from: number;
  at: number;
  /** End of the drawing: of a calendar period its turn. */
  end: number;
  points: BudgetPoint[];
  events: BudgetEvents;
  /** Share left of what the events so far allow, which a calendar period that goes on says beside that of the whole; null where both are one. */
  soFar: number | null;
  lines: LedgerLine[];
  coverage: number;
  /** When its indicator changed, so that it was counted anew; null: never. */
  indicatorChangedAt: number | null;
  corrections: BudgetCorrection[];
  /** Share left with those corrections that are of this indicator; null without events. */
  corrected: number | null;
}

/** The view from what is stored; null when the period has no events. */
export function budgetView(
  slo: Pick<Slo, 'objective' | 'period'>,
  { at, period }: SloEvaluation,
  counts: StoredCounts,
  spells: readonly BurnSpell[],
  corrections: BudgetCorrection[],
  indicatorChangedAt: number | null,
): BudgetView | null {
  const events = budgetEvents(slo, period, at);
  if (!events) return null;
  const from = period.start;
  const own = corrections.filter((each) => isOfIndicator(each, indicatorChangedAt));
  return {
    from,
    at,
    end: period.end,
    points: burnDown(slo, counts, { from, at }),
    events,
    soFar: slo.period.kind === 'calendar' ? budgetLeft(slo.objective, period) : null,
    lines: budgetLedger(slo, counts, { from, at }, spells),
    coverage: period.coverage,
    indicatorChangedAt,
    corrections,
    corrected: budgetLeft(slo.objective, correctedSums(period, own), elapsedShare(slo.period, at)),
  };
}
