import type { BudgetPoint } from '../../domain/slo/burn-down.ts';
import { shareText } from '../../domain/slo/figures.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { badText } from '../../domain/slo/units.ts';
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
    <details className="fold">
      <summary>The same as a table</summary>
      <div className="scroll-x">
        <table className="table tight">
          <thead>
            <tr>
              <th>To</th>
              <th className="num">Bad</th>
              <th className="num">Covered</th>
              <th className="num">Budget left</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.at}>
                <td>
                  <Time at={row.at} day="always" />
                </td>
                <td className="num">{badText(slo, row.bad)}</td>
                <td className="num">{shareText(row.coverage)}</td>
                <td className="num">{shareText(row.left)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
