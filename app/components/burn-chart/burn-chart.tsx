import { burnText } from '../../domain/slo/figures.ts';
import { minuteMs } from '../../domain/slo/series.ts';
import { slicesOf } from '../../domain/slo/slices.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { unitOf } from '../../domain/slo/units.ts';
import { useZone } from '../ui/clock.tsx';
import { clockText } from '../ui/clock-text.ts';
import { Time } from '../ui/time.tsx';
import { addUp } from './add-up.ts';
import { BurnTable } from './burn-table.tsx';
import { Drawing } from './drawing.tsx';
import type { ChartInput, ChartSize } from './geometry.ts';

const wide: ChartSize = { width: 780, height: 236, tagChars: 30, ticks: 6 };
const narrow: ChartSize = { width: 362, height: 232, tagChars: 20, ticks: 4 };

/** The burn rate minute by minute, of an SLO in slices slice by slice, drawn on the server at two widths, with the same figures as a table. `changedAt`: the effect of the latest action; what was before it is shaded and said. `calm` draws in no warning colour what is over. */
export function BurnChart(
  props: ChartInput & {
    title: string;
    /** What it counts; events unless said. */
    slo?: Pick<Slo, 'budgeting'>;
    objective: number;
    changedAt?: number | null;
    dataTo: number | null;
    calm?: boolean;
  },
) {
  const zone = useZone();
  const { slo = {}, objective } = props;
  const step = Math.max(props.step ?? 0, (slicesOf(slo)?.minutes ?? 0) * minuteMs);
  // Of a slice only the last minute counts: single minutes would be dots.
  const input =
    step > (props.step ?? minuteMs) ? { ...props, points: addUp(props.points, objective, step), step } : props;
  const { one } = slicesOf(slo) ? unitOf(slo) : { one: 'minute' };
  const last = props.points.findLast((point) => point.burn !== null);
  const label = [
    `${props.title}, ${one} by ${one} from ${clockText(props.from, zone)} to ${clockText(props.to, zone)}`,
    last
      ? `${burnText(last.burn ?? 0)} at the last ${one}`
      : props.points.length > 0
        ? `no ${one} with traffic`
        : 'no data',
    props.threshold === null ? '' : `page threshold ${burnText(props.threshold)}`,
    ...props.marks.map((mark) => `${mark.label} at ${clockText(mark.at, zone)}`),
  ]
    .filter(Boolean)
    .join('; ');
  const changedAt = props.changedAt ?? null;
  const allBefore = changedAt !== null && (props.dataTo === null || props.dataTo <= changedAt);
  return (
    <figure className="m-0">
      <div className="chart-wrap">
        <Drawing input={input} size={wide} look="wide" label={label} changedAt={changedAt} past={props.calm === true} />
        <Drawing
          input={input}
          size={narrow}
          look="narrow"
          label={label}
          changedAt={changedAt}
          past={props.calm === true}
        />
      </div>
      <figcaption className="chart-caption">
        {changedAt !== null && (
          <p className="text-amber">
            {allBefore ? (
              <>
                Everything drawn here is from before your change at <Time at={changedAt} />.
              </>
            ) : (
              <>
                Shaded: from before your change at <Time at={changedAt} />.
              </>
            )}
          </p>
        )}
        <BurnTable slo={slo} points={props.points} objective={objective} />
      </figcaption>
    </figure>
  );
}
