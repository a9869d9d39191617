import type { BurnPoint } from '../../domain/slo/evaluation.ts';
import { countText, windowBurnText } from '../../domain/slo/figures.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { slicesOf } from '../../domain/slo/slices.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { badText, unitOf } from '../../domain/slo/units.ts';
import { Time } from '../ui/time.tsx';
import { addUp } from './add-up.ts';

const fiveMinutes = 300_000;
/** Rows at most, so that a long range stays readable. */
const most = 72;

/** The chart's figures in words: five minutes a row or more, newest first. */
export function BurnTable({
  slo,
  points,
  objective,
}: {
  slo: Pick<Slo, 'budgeting'>;
  points: BurnPoint[];
  objective: number;
}) {
  const least = Math.max(fiveMinutes, (slicesOf(slo)?.minutes ?? 0) * minuteMs);
  const step = Math.ceil(Math.max(least, span(points) / most) / least) * least;
  const rows = addUp(points, objective, step).reverse();
  const units = unitOf(slo).many;
  return (
    <details className="fold">
      <summary>The same as a table</summary>
      <div className="scroll-x">
        <table className="table tight">
          <thead>
            <tr>
              <th>From</th>
              <th className="num">Bad</th>
              <th className="num">{`${units[0]?.toUpperCase()}${units.slice(1)}`}</th>
              <th className="num">Burn</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.at}>
                <td>
                  <Time at={row.at} />
                  {row.settled ? '' : ' (still arriving)'}
                </td>
                <td className="num">{badText(slo, row.bad)}</td>
                <td className="num">{countText(row.total)}</td>
                <td className="num">{windowBurnText({ ...row, coverage: 1 }, slo)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function span(points: BurnPoint[]): number {
  const [first, last] = [points[0], points[points.length - 1]];
  return first && last ? last.at - first.at : 0;
}
