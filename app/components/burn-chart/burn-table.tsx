import type { BurnPoint } from '../../domain/slo/evaluation.ts';
import { burnText, countText } from '../../domain/slo/figures.ts';
import { Time } from '../ui/time.tsx';
import { addUp } from './add-up.ts';

const fiveMinutes = 300_000;
/** Rows at most, so that a long range stays readable. */
const most = 72;

/** The chart's figures in words: five minutes a row or more, newest first. */
export function BurnTable({ points, objective }: { points: BurnPoint[]; objective: number }) {
  const step = Math.max(fiveMinutes, span(points) / most);
  const rows = addUp(points, objective, Math.ceil(step / fiveMinutes) * fiveMinutes).reverse();
  return (
    <details className="fold">
      <summary>The same as a table</summary>
      <div className="scroll-x">
        <table className="table tight">
          <thead>
            <tr>
              <th>From</th>
              <th className="num">Bad</th>
              <th className="num">Requests</th>
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
                <td className="num">{countText(row.bad)}</td>
                <td className="num">{countText(row.total)}</td>
                <td className="num">{row.burn === null ? 'no traffic' : burnText(row.burn)}</td>
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
