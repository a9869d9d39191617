import type { BurnPoint } from '../../domain/slo/evaluation.ts';
import type { SignKind } from '../ui/sign.tsx';

/** A moment marked on the chart. */
export interface ChartMark {
  at: number;
  kind: SignKind;
  label: string;
}

/** What one chart shows: points of single minutes over [from, to], times in ms. */
export interface ChartInput {
  points: BurnPoint[];
  from: number;
  to: number;
  threshold: number | null;
  marks: ChartMark[];
  /** Length of a point, ms; a minute unless said. */
  step?: number;
}

/** Size of a drawing in its own pixels; `tagChars` is how many letters a mark's label may have. */
export interface ChartSize {
  width: number;
  height: number;
  tagChars: number;
  ticks: number;
}

export interface PlacedMark extends ChartMark {
  x: number;
  /** Left edge and width of the label, and its row from the top. */
  left: number;
  width: number;
  row: number;
  text: string;
}

/** Everything placed, in the drawing's pixels. */
export interface ChartGeometry {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  lines: { y: number; value: number; threshold: boolean }[];
  times: { x: number; at: number }[];
  /** One path per unbroken stretch of settled minutes with traffic. */
  line: string;
  /** The minutes after them, which may still change. */
  tail: string;
  area: string;
  /** Start of what may still change or has not arrived; null when all is there and settled. */
  provisionalX: number | null;
  marks: PlacedMark[];
  x(at: number): number;
}

const TAG_ROW = 22;
/** Rows of labels that fit over the curve; each one more makes the drawing higher instead of the curve flatter. */
const TAG_ROWS = 3;
const LETTER = 6.1;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Places a burn chart: the same input gives the same drawing on the server and in the browser. */
export function placeChart(input: ChartInput, size: ChartSize): ChartGeometry {
  const left = 44;
  const right = size.width - 16;
  const x = (at: number) => round(left + ((at - input.from) / (input.to - input.from)) * (right - left));
  const marks = placeMarks(input.marks, input, size, left, right, x);
  const rows = marks.reduce((most, mark) => Math.max(most, mark.row + 1), 0);
  const top = 8 + Math.max(1, rows) * TAG_ROW;
  const height = size.height + Math.max(0, rows - TAG_ROWS) * TAG_ROW;
  const bottom = height - 24;
  // Minutes that still fill up can read far too high (failures seen before their successes): they do not set the scale.
  const peak = input.points.reduce((most, { burn, settled }) => (settled ? Math.max(most, burn ?? 0) : most), 0);
  const ceiling = Math.max(peak * 1.12, (input.threshold ?? 1) * 1.15, 1);
  const y = (burn: number) => round(bottom - (Math.min(burn, ceiling) / ceiling) * (bottom - top));
  const settled = input.points.filter((point) => point.settled);
  const gap = input.step ?? MINUTE;
  const { line, area } = paths(settled, x, y, bottom, gap);
  // The tail starts at the last settled minute, so that it joins the line.
  const tail = paths(input.points.slice(Math.max(0, settled.length - 1)), x, y, bottom, gap).line;
  const last = input.points[input.points.length - 1];
  const open = input.points.find((point) => !point.settled)?.at ?? (last ? last.at + gap : input.from);
  return {
    width: size.width,
    height,
    left,
    right,
    top,
    bottom,
    lines: levels(peak, input.threshold, ceiling).map((level) => ({ ...level, y: y(level.value) })),
    times: timeTicks(input.from, input.to, input.to - input.from > DAY ? Math.min(size.ticks, 4) : size.ticks).map(
      (at) => ({ at, x: x(at) }),
    ),
    line,
    tail: settled.length < input.points.length ? tail : '',
    area,
    provisionalX: open < input.to ? x(Math.max(open, input.from)) : null,
    marks,
    x,
  };
}

/** Levels worth a line: nought, the threshold, the peak, and half the threshold where it does not crowd. */
export function levels(
  peak: number,
  threshold: number | null,
  ceiling: number,
): { value: number; threshold: boolean }[] {
  const found = [{ value: 0, threshold: false }];
  if (threshold !== null) found.push({ value: threshold, threshold: true });
  const apart = ceiling * 0.12;
  const rounded = peak >= 10 ? Math.round(peak) : Math.round(peak * 10) / 10;
  for (const value of [rounded, threshold === null ? rounded / 2 : threshold / 2, rounded / 2]) {
    const nice = value >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
    if (nice <= ceiling && found.every((level) => Math.abs(level.value - nice) > apart)) {
      found.push({ value: nice, threshold: false });
    }
  }
  return found.sort((a, b) => a.value - b.value);
}

/** Round moments of the axis: at most `most`, on a step that a person counts in. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const steps = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((minutes) => minutes * MINUTE);
  const step = steps.find((ms) => (to - from) / ms <= most) ?? steps[steps.length - 1]!;
  const ticks: number[] = [];
  // Keep clear of the edges, where a label would be cut.
  const edge = (to - from) * 0.03;
  for (let at = Math.ceil((from + edge) / step) * step; at <= to - edge; at += step) ticks.push(at);
  return ticks;
}

function paths(
  points: BurnPoint[],
  x: (at: number) => number,
  y: (burn: number) => number,
  bottom: number,
  step: number,
) {
  let line = '';
  let area = '';
  let open: number | null = null;
  let last = 0;
  for (const point of points) {
    const gap = open !== null && point.at - last > 1.5 * step;
    if (point.burn === null || gap) {
      if (open !== null) area += `L${x(last)} ${bottom}L${open} ${bottom}Z`;
      open = null;
    }
    if (point.burn === null) continue;
    const at = `${x(point.at)} ${y(point.burn)}`;
    line += `${open === null ? 'M' : 'L'}${at}`;
    area += `${open === null ? 'M' : 'L'}${at}`;
    if (open === null) open = x(point.at);
    last = point.at;
  }
  if (open !== null) area += `L${x(last)} ${bottom}L${open} ${bottom}Z`;
  return { line, area };
}

function placeMarks(
  marks: ChartMark[],
  input: ChartInput,
  size: ChartSize,
  left: number,
  right: number,
  x: (at: number) => number,
): PlacedMark[] {
  const ends: number[] = [];
  return marks
    .filter((mark) => mark.at >= input.from && mark.at <= input.to)
    .sort((a, b) => a.at - b.at)
    .map((mark) => {
      const text = mark.label.length > size.tagChars ? `${mark.label.slice(0, size.tagChars - 1)}…` : mark.label;
      const width = Math.round(text.length * LETTER + 26);
      const at = x(mark.at);
      const start = Math.max(left - 40, Math.min(at, right + 14 - width));
      let row = ends.findIndex((end) => end + 4 <= start);
      if (row === -1) row = ends.length;
      ends[row] = start + width;
      return { ...mark, x: at, left: start, width, row, text };
    });
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
