import type { BudgetPoint } from '../../domain/slo/burn-down.ts';
import { timeTicks } from '../burn-chart/geometry.ts';

/** What a burn-down shows: points over [from, end], and stretches that incidents took; times in ms. */
export interface BurnDownInput {
  points: BudgetPoint[];
  from: number;
  end: number;
  spells: { from: number; to: number }[];
}

/** Everything placed, in the drawing's pixels. */
export interface BurnDownGeometry {
  left: number;
  right: number;
  top: number;
  bottom: number;
  line: string;
  area: string;
  /** An even pace: all of the budget at the start, none at the end. */
  pace: string;
  levels: { y: number; share: number }[];
  times: { x: number; at: number }[];
  spells: { x: number; width: number }[];
  /** Stretches less than half of which are known. */
  gaps: { x: number; width: number }[];
  last: { x: number; y: number };
}

/** Places a burn-down: the same input gives the same drawing on the server and in the browser. */
export function placeBurnDown(input: BurnDownInput, width: number, height: number, ticks: number): BurnDownGeometry {
  const { points, from, end } = input;
  const [left, right, top, bottom] = [48, width - 16, 12, height - 24];
  const lowest = Math.min(0, ...points.map((point) => point.left));
  // A budget overspent many times would flatten all that came before it.
  const floor = Math.max(lowest, -2);
  const x = (at: number) => round(left + ((at - from) / Math.max(1, end - from)) * (right - left));
  const y = (share: number) => round(top + ((1 - Math.max(floor, share)) / (1 - floor)) * (bottom - top));
  const line = points.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.at)} ${y(point.left)}`).join('');
  const last = points[points.length - 1] ?? { at: from, left: 1 };
  const gaps: BurnDownGeometry['gaps'] = [];
  for (const [i, { at, coverage }] of points.entries()) {
    if (coverage >= 0.5) continue;
    const start = x(points[i - 1]?.at ?? from);
    const before = gaps[gaps.length - 1];
    if (before && before.x + before.width >= start - 0.1) before.width = round(x(at) - before.x);
    else gaps.push({ x: start, width: round(x(at) - start) });
  }
  const shares = floor < -1 ? [1, 0, -1, -2] : floor < -0.1 ? [1, 0.5, 0, -0.5, -1] : [1, 0.75, 0.5, 0.25, 0];
  return {
    left,
    right,
    top,
    bottom,
    line,
    area: line && `${line}L${x(last.at)} ${y(0)}L${left} ${y(0)}Z`,
    pace: `M${left} ${y(1)}L${right} ${y(0)}`,
    levels: shares.filter((share) => share >= floor).map((share) => ({ share, y: y(share) })),
    times: timeTicks(from, end, ticks).map((at) => ({ at, x: x(at) })),
    spells: input.spells.map((spell) => {
      const start = x(Math.max(from, spell.from));
      return { x: start, width: Math.max(2, round(x(Math.min(end, spell.to)) - start)) };
    }),
    gaps,
    last: { x: x(last.at), y: y(last.left) },
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
