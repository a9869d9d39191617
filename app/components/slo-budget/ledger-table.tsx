import { durationText, spentText } from '../../domain/slo/figures.ts';
import type { LedgerLine } from '../../domain/slo/ledger.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { badText } from '../../domain/slo/units.ts';
import { paths } from '../../paths.ts';
import { Time } from '../ui/time.tsx';

/** What the budget went on, the dearest line first: each incident with its failures, minutes and share, and the rest. */
export function LedgerTable({ slo, lines }: { slo: Pick<Slo, 'budgeting'>; lines: LedgerLine[] }) {
  const spent = lines.reduce((sum, line) => sum + line.share, 0);
  const bad = lines.reduce((sum, line) => sum + line.bad, 0);
  const sorted = lines.filter(({ kind }) => kind === 'incident').sort((a, b) => b.share - a.share);
  const rest = lines.filter(({ kind }) => kind === 'rest');
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>What it went on</th>
            <th>When</th>
            <th className="num">Lasted</th>
            <th className="num">Bad</th>
            <th className="num">Of the budget</th>
          </tr>
        </thead>
        <tbody>
          {[...sorted, ...rest].map((line) => (
            <tr key={line.id ?? line.kind}>
              <td>
                {line.id === null ? line.title : <a href={paths.incident(line.id)}>{line.title}</a>}
                {line.wholeHours && (
                  <span className="block text-[12px] text-faint">by whole hours: minutes are kept 3 days</span>
                )}
              </td>
              <td data-label="When">
                {line.kind === 'rest' ? (
                  <span className="text-dim">outside of incidents</span>
                ) : (
                  <>
                    <Time at={line.from} day="always" />
                    {line.open && <span className="whitespace-nowrap text-red"> ▲ goes on</span>}
                  </>
                )}
              </td>
              <td className="num" data-label="Lasted">
                {line.kind === 'rest' ? '–' : durationText(line.to - line.from)}
              </td>
              <td className="num" data-label="Bad">
                {badText(slo, line.bad)}
              </td>
              <td className="num" data-label="Of the budget">
                {spentText(line.share)}
              </td>
            </tr>
          ))}
          <tr className="sum">
            <td>Spent in all</td>
            <td data-label="When" />
            <td className="num" data-label="Lasted" />
            <td className="num" data-label="Bad">
              {badText(slo, bad)}
            </td>
            <td className="num" data-label="Of the budget">
              {spentText(spent)}
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}
