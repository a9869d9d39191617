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
  const said = steps
    .map(({ at, percent }) => `${percent === 0 ? 'rolled back' : `${percent} %`} at ${clockText(at, zone)}`)
    .join(', ');
  const label = `Share: ${said}`;
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
  // What stood before its first step, and what a rollback put back, it does not know: nothing is drawn there.
  const shown = steps.filter(({ at }) => at <= range.to);
  const end = shown.find(({ percent }) => percent === 0)?.at ?? range.to;
  const set = shown.filter(({ at, percent }) => percent > 0 && at < end);
  const pieces = set.map(({ at, percent }, index) => {
    const to = set[index + 1]?.at ?? end;
    return `L${Math.max(left, x(at))} ${y(percent)}L${x(to)} ${y(percent)}`;
  });
  const line = `M${pieces.join('').slice(1)}`;
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
      {set.length > 0 && (
        <>
          <path d={`${line}L${x(end)} ${bottom}L${Math.max(left, x(set[0]!.at))} ${bottom}Z`} className="area calm" />
          <path d={line} className="line calm" />
        </>
      )}
    </svg>
  );
}
