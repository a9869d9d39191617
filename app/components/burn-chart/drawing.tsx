import { burnText } from '../../domain/slo/figures.ts';
import { useZone } from '../ui/clock.tsx';
import { clockText, dayText } from '../ui/clock-text.ts';
import { SignPath } from '../ui/sign.tsx';
import { type ChartInput, type ChartSize, placeChart } from './geometry.ts';

const DAY = 86_400_000;

/** One SVG of the chart at one width. */
export function Drawing({
  input,
  size,
  look,
  label,
  changedAt,
  past,
}: {
  input: ChartInput;
  size: ChartSize;
  look: 'wide' | 'narrow';
  label: string;
  changedAt: number | null;
  /** True for what is over: nothing of it burns. */
  past: boolean;
}) {
  const zone = useZone();
  const g = placeChart(input, size);
  const low = input.threshold !== null && !input.points.some((point) => (point.burn ?? 0) >= input.threshold! / 2);
  const calm = past || low;
  const long = input.to - input.from > DAY;
  const changeX = changedAt === null ? null : Math.min(g.right, Math.max(g.left, g.x(changedAt)));
  return (
    <svg className={`chart ${look}`} viewBox={`0 0 ${g.width} ${g.height}`} role="img" aria-label={label}>
      {g.lines.map((level) => (
        <g key={level.value}>
          <line x1={g.left} x2={g.right} y1={level.y} y2={level.y} className={level.threshold ? 'threshold' : 'grid'} />
          <text x={g.left - 6} y={level.y + 4} textAnchor="end">
            {level.value === 0 ? '0' : burnText(level.value)}
          </text>
        </g>
      ))}
      {g.times.map((tick) => (
        <text key={tick.at} x={tick.x} y={g.height - 6} textAnchor="middle">
          {long ? dayText(tick.at, zone) : clockText(tick.at, zone)}
        </text>
      ))}
      {g.provisionalX !== null && (
        <rect
          className="provisional"
          x={g.provisionalX}
          y={g.top}
          width={g.right - g.provisionalX}
          height={g.bottom - g.top}
        >
          <title>Not complete yet: points of these minutes still arrive</title>
        </rect>
      )}
      <path d={g.area} className={calm ? 'area calm' : 'area'} />
      <path d={g.line} className={calm ? 'line calm' : 'line'} />
      {g.tail && <path d={g.tail} className={calm ? 'line calm tail' : 'line tail'} />}
      {changeX !== null && changeX > g.left && (
        <rect className="before" x={g.left} y={g.top} width={changeX - g.left} height={g.bottom - g.top} />
      )}
      {g.marks.map((mark) => (
        <g key={`${mark.kind}${mark.at}${mark.label}`} className={`c-${mark.kind}`}>
          <line x1={mark.x} x2={mark.x} y1={4 + mark.row * 22 + 18} y2={g.bottom} className="mark" />
          <g className="tag" transform={`translate(${mark.left} ${4 + mark.row * 22})`}>
            <rect width={mark.width} height="18" rx="4" />
            <svg x="6" y="4" width="10" height="10" viewBox="0 0 12 12" aria-hidden="true">
              <SignPath kind={mark.kind} />
            </svg>
            <text x="20" y="13">
              {mark.text}
            </text>
          </g>
        </g>
      ))}
    </svg>
  );
}
