import { shareText } from '../../domain/slo/figures.ts';
import { useZone } from '../ui/clock.tsx';
import { clockText, dayText } from '../ui/clock-text.ts';
import { type BurnDownInput, placeBurnDown } from './geometry.ts';

const day = 86_400_000;
const sizes = {
  wide: { width: 780, height: 210, ticks: 6 },
  narrow: { width: 362, height: 200, ticks: 3 },
} as const;

/** One SVG of the burn-down at one width. */
export function BurnDownDrawing({
  input,
  look,
  label,
}: {
  input: BurnDownInput;
  look: keyof typeof sizes;
  label: string;
}) {
  const zone = useZone();
  const { width, height, ticks } = sizes[look];
  const g = placeBurnDown(input, width, height, ticks);
  const long = input.end - input.from > day;
  const spent = (input.points.at(-1)?.left ?? 1) <= 0;
  return (
    <svg className={`chart ${look}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {g.gaps.map((gap) => (
        <rect key={gap.x} className="provisional" x={gap.x} y={g.top} width={gap.width} height={g.bottom - g.top}>
          <title>Less than half of these minutes is known</title>
        </rect>
      ))}
      {g.spells.map((spell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: incidents of one drawing never change places
        <rect key={i} className="spell" x={spell.x} y={g.top} width={spell.width} height={g.bottom - g.top} />
      ))}
      {g.levels.map(({ share, y }) => (
        <g key={share}>
          <line x1={g.left} x2={g.right} y1={y} y2={y} className={share === 0 ? 'threshold' : 'grid'} />
          <text x={g.left - 6} y={y + 4} textAnchor="end">
            {shareText(share)}
          </text>
        </g>
      ))}
      {g.times.map(({ at, x }) => (
        <text key={at} x={x} y={height - 6} textAnchor="middle">
          {long ? dayText(at, zone) : clockText(at, zone)}
        </text>
      ))}
      <path d={g.pace} className="pace" />
      <path d={g.area} className={spent ? 'area' : 'area calm'} />
      <path d={g.line} className={spent ? 'line' : 'line calm'} />
      <circle cx={g.last.x} cy={g.last.y} r="3" className={spent ? 'now spent' : 'now'} />
    </svg>
  );
}
