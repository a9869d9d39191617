import { objectiveText, shareText } from '../domain/slo/figures.ts';
import { paths } from '../paths.ts';
import type { SloRow } from './overview.ts';
import { isGone } from './slo-list.ts';
import { tierText } from './tier.ts';
import { Chip } from './ui/chip.tsx';
import { useTicking } from './ui/clock.tsx';
import { Time } from './ui/time.tsx';

const conditions: Record<Exclude<SloRow['condition'], 'ok'>, string> = {
  'no-traffic': 'no traffic',
  'no-data': 'no data',
  stale: 'stale',
  'data-error': 'data error',
  'traffic-vanished': 'traffic vanished',
  'not-evaluated': 'not evaluated yet',
};

/** SLOs as a table, as cards on a phone: state, burn, budget left, until when. In a narrow panel the service stands under the name. */
export function SloTable({
  rows,
  withService = true,
  silenced,
}: {
  rows: SloRow[];
  withService?: boolean;
  /** Until when those that are silenced are, by id, ms. */
  silenced: Record<string, number>;
}) {
  return (
    <div className="scroll-x">
      <table className="table cards">
        <thead>
          <tr>
            <th>SLO</th>
            {withService && <th className="beside">Service</th>}
            <th>State</th>
            <th className="num">Last 5 min</th>
            <th className="num">Last hour</th>
            <th className="num">Budget left</th>
            <th className="num">Promise</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>
                <a href={paths.slo(row.id)}>{row.title}</a>
                {withService && <span className="under">{row.service}</span>}
              </td>
              {withService && (
                <td className="half beside" data-label="Service">
                  <a className="!font-normal" href={paths.service(row.service)}>
                    {row.service}
                  </a>
                </td>
              )}
              <td className={withService ? 'half' : ''} data-label="State">
                <div>
                  <SloState row={row} />
                  {silenced[row.id] !== undefined && (
                    <span className="block text-[12px] text-faint">
                      silenced until <Time at={silenced[row.id]!} />
                    </span>
                  )}
                </div>
              </td>
              <td className="num" data-label="Last 5 min">
                {row.last5m}
              </td>
              <td className="num" data-label="Last hour">
                {row.lastHour}
              </td>
              <td className="num" data-label="Budget left">
                <div>
                  {row.budget === null ? 'unknown' : shareText(row.budget)}
                  {row.goneAt !== null && (
                    <span className="block text-[12px] text-faint">
                      gone at <Time at={row.goneAt} />
                    </span>
                  )}
                </div>
              </td>
              <td className="num" data-label="Promise">
                {objectiveText(row.objective)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The state of an SLO in one chip. */
export function SloState({
  row,
}: {
  row: Pick<SloRow, 'tier' | 'condition' | 'stale' | 'blindFrom' | 'burn5m' | 'budget'>;
}) {
  // An open page turns stale by itself when no newer evaluation comes.
  const late = useTicking((now) => row.blindFrom > 0 && now >= row.blindFrom);
  const stale = row.stale || late;
  if (row.tier) {
    const tier = row.condition === 'traffic-vanished' ? 'Page · traffic vanished' : tierText(row.tier);
    return <Chip tone={row.tier.startsWith('page') ? 'bad' : 'warn'}>{stale ? `${tier} · stale` : tier}</Chip>;
  }
  if (stale) return <Chip tone="warn">stale</Chip>;
  if (row.condition !== 'ok') {
    return <Chip tone={row.condition === 'no-traffic' ? 'plain' : 'warn'}>{conditions[row.condition]}</Chip>;
  }
  if ((row.burn5m ?? 0) > 1) return <Chip tone="warn">over pace, no alert yet</Chip>;
  if (isGone(row)) return <Chip tone="warn">budget gone, calm now</Chip>;
  return <Chip tone="ok">within budget</Chip>;
}
