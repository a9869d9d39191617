import { type BudgetEvents, budgetEvents, growth } from '../../domain/slo/budget-events.ts';
import { type BudgetPoint, burnDown } from '../../domain/slo/burn-down.ts';
import { type BudgetCorrection, correctedBudget, correctedSums } from '../../domain/slo/corrections.ts';
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
  lines: LedgerLine[];
  coverage: number;
  corrections: BudgetCorrection[];
  /** Share left with the corrections; null without events. */
  corrected: number | null;
}

/** The view from what is stored; null when the period has no events. */
export function budgetView(
  slo: Pick<Slo, 'objective' | 'period'>,
  { at, period }: SloEvaluation,
  counts: StoredCounts,
  spells: readonly BurnSpell[],
  corrections: BudgetCorrection[] = [],
): BudgetView | null {
  const events = budgetEvents(slo, period, at);
  if (!events) return null;
  const from = period.start;
  return {
    from,
    at,
    end: period.end,
    points: burnDown(slo, counts, { from, at }),
    events,
    lines: budgetLedger(slo, counts, { from, at }, spells),
    coverage: period.coverage,
    corrections,
    corrected: correctedBudget(slo.objective, correctedSums(period, corrections), growth(slo.period, at)),
  };
}
