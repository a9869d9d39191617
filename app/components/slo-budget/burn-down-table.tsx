import type { BudgetPoint } from '../../domain/slo/burn-down.ts';
import { shareText } from '../../domain/slo/figures.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { badText } from '../../domain/slo/units.ts';
import { SameAsTable } from '../ui/same-as-table.tsx';
import { Time } from '../ui/time.tsx';

/** Rows at most. */
const most = 31;

/** The burn-down in words, newest first. */
export function BurnDownTable({ slo, points }: { slo: Pick<Slo, 'budgeting'>; points: BudgetPoint[] }) {
  const every = Math.max(1, Math.ceil((points.length - 1) / most));
  const rows: BudgetPoint[] = [];
  for (let end = points.length - 1; end > 0; end -= every) {
    const taken = points.slice(Math.max(1, end - every + 1), end + 1);
    const bad = taken.reduce((sum, point) => sum + point.bad, 0);
    rows.push({ ...points[end]!, bad, coverage: taken.reduce((sum, point) => sum + point.coverage, 0) / taken.length });
  }
  return (
    <SameAsTable
      columns={['To', 'Bad', 'Covered', 'Budget left']}
      rows={rows.map(({ at, bad, coverage, left }) => ({
        key: at,
        cells: [<Time key="at" at={at} day="always" />, badText(slo, bad), shareText(coverage), shareText(left)],
      }))}
    />
  );
}
