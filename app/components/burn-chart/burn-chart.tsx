import { burnText } from '../../domain/slo/figures.ts';
import { useZone } from '../ui/clock.tsx';
import { clockText } from '../ui/clock-text.ts';
import { Time } from '../ui/time.tsx';
import { BurnTable } from './burn-table.tsx';
import { Drawing } from './drawing.tsx';
import type { ChartInput, ChartSize } from './geometry.ts';

const wide: ChartSize = { width: 780, height: 236, tagChars: 30, ticks: 6 };
const narrow: ChartSize = { width: 362, height: 232, tagChars: 20, ticks: 4 };

/** The burn rate minute by minute, drawn on the server at two widths, with the same figures as a table. `changedAt`: the effect of the latest action; what was before it is shaded and said. `calm` draws in no warning colour what is over. */
export function BurnChart(
  props: ChartInput & {
    title: string;
    objective: number;
    changedAt?: number | null;
    dataTo: number | null;
    calm?: boolean;
  },
) {
  const zone = useZone();
  const last = props.points.findLast((point) => point.burn !== null);
  const label = [
    `${props.title}, minute by minute from ${clockText(props.from, zone)} to ${clockText(props.to, zone)}`,
    last
      ? `${burnText(last.burn ?? 0)} at the last minute`
      : props.points.length > 0
        ? 'no minute with traffic'
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
        <Drawing input={props} size={wide} look="wide" label={label} changedAt={changedAt} past={props.calm === true} />
        <Drawing
          input={props}
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
        <BurnTable points={props.points} objective={props.objective} />
      </figcaption>
    </figure>
  );
}
