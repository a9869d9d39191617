import { enough, leadText } from '../../domain/alert/shadow-words.ts';
import { durationText } from '../../domain/slo/figures.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../ui/chip.tsx';
import type { ShadowRow } from './view.ts';

/** Per SLO: the pages it would have sent, which stood beside a real incident, and what it missed. */
export function ShadowTable({ rows }: { rows: ShadowRow[] }) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>SLO</th>
            <th className="num">Pages</th>
            <th className="num">Beside an incident</th>
            <th className="num">Alone</th>
            <th className="num">Missed</th>
            <th className="num">On average</th>
            <th className="num">At night</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <a href={paths.slo(row.id)}>{row.title}</a>
                <span className="block text-[12px] text-faint">
                  {row.service}
                  {row.watched < enough &&
                    ` · ${row.watched === 0 ? 'not evaluated yet' : `watched for ${durationText(row.watched)}`}, not enough to say`}
                </span>
              </td>
              <td className="num" data-label="Pages">
                {row.pages}
              </td>
              <td className="num" data-label="Beside an incident">
                {row.beside}
              </td>
              <td className="num" data-label="Alone">
                {row.pages - row.beside > 0 ? <Chip tone="warn">{row.pages - row.beside}</Chip> : 0}
              </td>
              <td className="num" data-label="Missed">
                <div>
                  {row.missed > row.elsewhere ? <Chip tone="bad">{row.missed}</Chip> : row.missed}
                  <span className="block text-[12px] text-faint">
                    of {row.incidents}
                    {row.elsewhere > 0 && `, ${row.elsewhere} paged by another SLO`}
                  </span>
                </div>
              </td>
              <td className="num" data-label="On average">
                {row.lead === null ? '—' : leadText(row.lead)}
              </td>
              <td className="num" data-label="At night">
                {row.atNight}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
