import { describe, expect, test } from 'vitest';
import { levels, placeChart, timeTicks } from '#app/components/burn-chart/geometry.ts';

const minute = 60_000;
const from = Date.UTC(2026, 10, 22, 1, 26);
const to = from + 120 * minute;
const wide = { width: 780, height: 236, tagChars: 30, ticks: 6 };
const point = (i: number, burn: number | null, settled = true) => ({
  at: from + i * minute,
  bad: 1,
  total: 100,
  burn,
  settled,
});

describe('placing a burn chart', () => {
  test('a higher burn stands higher, all inside the frame', () => {
    const points = [point(0, 0), point(1, 26), point(2, 13)];
    const g = placeChart({ points, from, to, threshold: 14.4, marks: [] }, wide);
    const ys = [...g.line.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map((match) => Number(match[1]));
    expect(ys[0]).toBe(g.bottom);
    expect(ys[1]!).toBeLessThan(ys[2]!);
    expect(Math.min(...ys)).toBeGreaterThanOrEqual(g.top);
  });

  test('a coarser step is no gap', () => {
    const points = [point(0, 1), point(15, 1), point(30, 1)];
    const step = { points, from, to, threshold: null, marks: [], step: 15 * minute };
    expect(placeChart(step, wide).line.match(/M/g)).toHaveLength(1);
  });

  test('a gap in the data breaks the line: unmeasured time is not drawn as measured', () => {
    const points = [point(0, 1), point(1, 1), point(5, 1), point(6, null), point(7, 1)];
    const { line, area } = placeChart({ points, from, to, threshold: null, marks: [] }, wide);
    expect(line.match(/M/g)).toHaveLength(3);
    expect(area.match(/Z/g)).toHaveLength(3);
  });

  test('what may still change is shaded from its first minute to the end', () => {
    const points = [point(0, 1), point(100, 1, false)];
    const g = placeChart({ points, from, to, threshold: null, marks: [] }, wide);
    expect(g.provisionalX).toBe(g.x(from + 100 * minute));
  });

  test('half-arrived minutes are drawn apart, joined to the line, and do not set the scale', () => {
    const points = [point(0, 2), point(1, 3), point(2, 900, false)];
    const g = placeChart({ points, from, to, threshold: null, marks: [] }, wide);
    expect(g.line.match(/[ML]/g)).toHaveLength(2);
    expect(g.tail.startsWith(`M${g.x(from + minute)} `)).toBe(true);
    expect(Math.max(...g.lines.map((level) => level.value))).toBe(3);
  });

  test('labels that would overlap go to another row, and none leaves the drawing', () => {
    const marks = [0, 1, 2, 118].map((at) => ({
      at: from + at * minute,
      kind: 'flag' as const,
      label: 'a flag 5 → 25 %',
    }));
    const g = placeChart({ points: [point(0, 1)], from, to, threshold: null, marks }, wide);
    expect(g.marks.map((mark) => mark.row)).toEqual([0, 1, 2, 0]);
    for (const mark of g.marks) expect(mark.left + mark.width).toBeLessThanOrEqual(wide.width);
  });

  test('however many labels stand over each other, the curve keeps its height', () => {
    const marks = Array.from({ length: 12 }, (_, i) => ({
      kind: 'flag' as const,
      at: from + i,
      label: 'a change of a flag',
    }));
    const g = placeChart({ points: [point(0, 0), point(1, 26)], from, to, threshold: 14.4, marks }, wide);
    const few = placeChart(
      { points: [point(0, 0), point(1, 26)], from, to, threshold: 14.4, marks: marks.slice(0, 3) },
      wide,
    );
    expect(new Set(g.marks.map(({ row }) => row)).size).toBe(12);
    expect(g.bottom - g.top).toBe(few.bottom - few.top);
    expect(g.bottom).toBeLessThan(g.height);
  });

  test('marks outside the range are left out, long labels are cut', () => {
    const marks = [
      { at: from - 1, kind: 'flag' as const, label: 'before' },
      { at: from + minute, kind: 'deploy' as const, label: 'x'.repeat(60) },
    ];
    const g = placeChart({ points: [], from, to, threshold: null, marks }, wide);
    expect(g.marks.map((mark) => mark.text)).toEqual([`${'x'.repeat(29)}…`]);
  });
});

test('levels are the bound, the peak and nought, never crowded', () => {
  expect(levels(26.2, 14.4, 30).map((level) => level.value)).toEqual([0, 7.2, 14.4, 26]);
  const calm = levels(0.1, 14.4, 16.6).map((level) => level.value);
  expect(calm).toEqual([0, 7.2, 14.4]);
});

test('times stand on round moments, no more than wanted', () => {
  const ticks = timeTicks(from, to, 6);
  expect(ticks.length).toBeLessThanOrEqual(6);
  expect(ticks.every((at) => at % (30 * minute) === 0)).toBe(true);
});
