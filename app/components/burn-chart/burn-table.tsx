import type { BurnPoint } from '../../domain/slo/evaluation.ts';
import { countText, windowBurnText } from '../../domain/slo/figures.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { slicesOf } from '../../domain/slo/slices.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { badText, unitOf } from '../../domain/slo/units.ts';
import { SameAsTable } from '../ui/same-as-table.tsx';
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
    <SameAsTable
      columns={['From', 'Bad', `${units[0]?.toUpperCase()}${units.slice(1)}`, 'Burn']}
      rows={rows.map(({ at, settled, ...counted }) => ({
        key: at,
        cells: [
          <span key="at">
            <Time at={at} />
            {settled ? '' : ' (still arriving)'}
          </span>,
          badText(slo, counted.bad),
          countText(counted.total),
          windowBurnText({ ...counted, coverage: 1 }, slo),
        ],
      }))}
    />
  );
}

function span(points: BurnPoint[]): number {
  const [first, last] = [points[0], points[points.length - 1]];
  return first && last ? last.at - first.at : 0;
}
