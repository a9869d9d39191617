import type { BurnPoint } from '../../domain/slo/evaluation.ts';
import { burnText, countText } from '../../domain/slo/figures.ts';
import { Time } from '../ui/time.tsx';
import { fiveMinutes } from './five-minutes.ts';

/** The chart's figures in words: five minutes a row, newest first. */
export function BurnTable({ points, objective }: { points: BurnPoint[]; objective: number }) {
  const rows = fiveMinutes(points, objective);
  return (
    <details className="fold">
      <summary>The same as a table</summary>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>Five minutes from</th>
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
