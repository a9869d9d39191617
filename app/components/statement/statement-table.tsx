import { countText, durationText, objectiveText, shareText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import { sliText, statementState } from './figures.ts';
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
            const { text, tone } = statementState(row);
            return (
              <tr key={row.id}>
                <td>
                  <a href={paths.slo(row.id)}>{row.title}</a>
                  <span className="block text-[12px] text-faint">
                    {row.service}
                    {row.team && ` · ${row.team}`}
                  </span>
                </td>
                <td data-label="Outcome">
                  <Chip tone={tone}>{text}</Chip>
                </td>
                <td className="num" data-label="Promised">
                  {objectiveText(row.objective)}
                </td>
                <td className="num" data-label="Reached">
                  {sliText(row.sli, row.objective)}
                </td>
                <td className="num" data-label="Bad of all">
                  {countText(row.bad)} of {countText(row.total)}
                </td>
                <td className="num" data-label="Budget left">
                  {row.budgetRemaining === null ? 'no events' : shareText(row.budgetRemaining)}
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
