import type { RolloutEntry } from '../../domain/rollout/rollout.ts';
import { useZone } from '../ui/clock.tsx';
import { clockText } from '../ui/clock-text.ts';

const height = 84;
const top = 10;
const bottom = 72;
/** Margins of the burn chart below, so that the times stand over each other. */
const left = 44;
const margin = 16;

type Range = { from: number; to: number };
type Step = { at: number; percent: number };

/** The share that was set over the time of the rollout, drawn as steps over the chart of its burn. */
export function ExposureStrip({ entries, from, to }: { entries: readonly RolloutEntry[] } & Range) {
  const zone = useZone();
  const steps = entries.flatMap(({ at, percent }) => (percent === null ? [] : [{ at, percent }]));
  const said = steps.map(({ at, percent }) => `${percent} % at ${clockText(at, zone)}`).join(', ');
  const label = said === '' ? 'Share: no step yet' : `Share: ${said}`;
  return (
    <>
      <Strip steps={steps} range={{ from, to }} width={780} look="wide" label={label} />
      <Strip steps={steps} range={{ from, to }} width={362} look="narrow" label={label} />
    </>
  );
}

function Strip(props: { steps: Step[]; range: Range; width: number; look: 'wide' | 'narrow'; label: string }) {
  const { steps, range, width, look, label } = props;
  const right = width - margin;
  const x = (at: number) =>
    Math.round((left + ((Math.min(at, range.to) - range.from) / (range.to - range.from)) * (right - left)) * 10) / 10;
  const y = (percent: number) => bottom - (percent / 100) * (bottom - top);
  const shown = steps.filter(({ at }) => at <= range.to);
  let path = `M${left} ${bottom}`;
  let level = bottom;
  for (const { at, percent } of shown) {
    const from = Math.max(left, x(at));
    path += `L${from} ${level}L${from} ${y(percent)}`;
    level = y(percent);
  }
  path += `L${right} ${level}`;
  return (
    <svg className={`chart ${look}`} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      {[0, 50, 100].map((percent) => (
        <g key={percent}>
          <line x1={left} x2={right} y1={y(percent)} y2={y(percent)} className="grid" />
          <text x={left - 6} y={y(percent) + 4} textAnchor="end">
            {percent} %
          </text>
        </g>
      ))}
      <path d={`${path}L${right} ${bottom}Z`} className="area calm" />
      <path d={path} className="line calm" />
    </svg>
  );
}
