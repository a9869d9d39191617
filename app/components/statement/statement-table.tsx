import type { ReactNode } from 'react';
import { countText, durationText, objectiveText, shareText } from '../../domain/slo/figures.ts';
import { slicesOf } from '../../domain/slo/slices.ts';
import { badText, countedUnits } from '../../domain/slo/units.ts';
import { paths } from '../../paths.ts';
import { CountedAnew } from '../counted-anew.tsx';
import { Chip } from '../ui/chip.tsx';
import { sliText, statementChip } from './figures.ts';
import type { StatementRow } from './lines.ts';

/** A month's statement: per SLO what was promised, what came of it, and how much of the month is known. */
export function StatementTable({ rows }: { rows: StatementRow[] }) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>SLO</th>
            <th>Outcome</th>
            <th className="num">Promised</th>
            <th className="num">Reached</th>
            <th className="num">Bad of all</th>
            <th className="num">Budget left</th>
            <th className="num">Incidents</th>
            <th className="num">Covered</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { text, tone } = statementChip(row);
            return (
              <tr key={row.id}>
                <td>
                  <a href={paths.slo(row.id)}>{row.title}</a>
                  <span className="block text-[12px] text-faint">
                    {row.service}
                    {row.team && ` · ${row.team}`}
                  </span>
                  {row.indicatorChangedAt !== null && (
                    <span className="block text-[12px] text-faint">
                      <CountedAnew at={row.indicatorChangedAt} />
                    </span>
                  )}
                </td>
                <td data-label="Outcome">
                  <Chip tone={tone}>{text}</Chip>
                  {row.corrected && (
                    <a className="block text-[12px] !font-normal text-faint" href={`${paths.slo(row.id)}#corrections`}>
                      with {row.corrected.count === 1 ? 'a correction' : `${row.corrected.count} corrections`}:{' '}
                      {statementChip({ ...row, ...row.corrected, evaluated: true }).text}
                    </a>
                  )}
                </td>
                <td className="num" data-label="Promised">
                  {objectiveText(row.objective)}
                </td>
                <td className="num" data-label="Reached">
                  <div>
                    {sliText(row.sli, row.objective)}
                    {row.corrected && <Corrected>{sliText(row.corrected.sli, row.objective)}</Corrected>}
                  </div>
                </td>
                <td className="num" data-label="Bad of all">
                  <div>
                    {badText(row, row.bad)} of {countText(row.total)}
                    {slicesOf(row) && ` ${countedUnits(row)}`}
                    {row.corrected && (
                      <Corrected>
                        {badText(row, row.corrected.bad)} of {countText(row.corrected.total)}
                      </Corrected>
                    )}
                  </div>
                </td>
                <td className="num" data-label="Budget left">
                  <div>
                    {budgetText(row.budgetRemaining)}
                    {row.state === 'goes-on' && row.budgetSoFar !== null && (
                      <span className="block text-[12px] text-faint">so far {shareText(row.budgetSoFar)}</span>
                    )}
                    {row.corrected && <Corrected>{budgetText(row.corrected.budgetRemaining)}</Corrected>}
                  </div>
                </td>
                <td className="num" data-label="Incidents">
                  <div>
                    {row.incidents}
                    {row.incidents > 0 && (
                      <span className="block text-[12px] text-faint">{durationText(row.incidentMs)}</span>
                    )}
                  </div>
                </td>
                <td className="num" data-label="Covered">
                  <div>
                    {shareText(row.coverage)}
                    {row.unknownMinutes > 0 && (
                      <span className="block text-[12px] text-faint">
                        {durationText(row.unknownMinutes * 60_000)} unknown
                      </span>
                    )}
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Corrected({ children }: { children: ReactNode }) {
  return (
    <span className="block text-[12px] text-faint">
      <span className="sr-only">with corrections: </span>
      {children}
    </span>
  );
}

function budgetText(left: number | null): string {
  return left === null ? 'no events' : shareText(left);
}
