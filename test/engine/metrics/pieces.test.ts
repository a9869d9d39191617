import { expect, test } from 'vitest';
import { minuteMs } from '#app/domain/slo/series.ts';
import { pickerOf } from '#app/engine/metrics/pick-series.ts';
import { piecesOf } from '#app/engine/metrics/pieces.ts';

const batchOf = (parts: number) => ({ reads: [{ parts: Array.from({ length: parts }) }] }) as never;

test('a stretch is cut without a gap so that no read holds much more than a million points', () => {
  const stretch = { from: 0, to: 4_440 * minuteMs, periodSeconds: 60 };
  expect(piecesOf(stretch, batchOf(2))).toEqual([stretch]);
  const pieces = piecesOf(stretch, batchOf(2_000));
  expect(pieces.map(({ from, to }) => (to - from) / minuteMs)).toEqual([440, 500, 500, 500, 500, 500, 500, 500, 500]);
  expect(pieces.map(({ from }) => from)).toEqual([0, ...pieces.slice(0, -1).map(({ to }) => to)]);
  expect(pieces.at(-1)?.to).toBe(stretch.to);
});

test('picking by an index gives what looking at each series gives, negations and missing labels too', () => {
  const series = ['a', 'b', 'c'].flatMap((service) =>
    ['2xx', '5xx', null].map((code) => ({
      labels: { service, ...(code === null ? {} : { code }) } as Record<string, string>,
    })),
  );
  const pick = pickerOf(series);
  const is = (path: string, values: string[], negate = false) => ({ path: `metric.label.${path}`, values, negate });
  const named = (conditions: Parameters<typeof pick>[0]) =>
    pick(conditions).map(({ labels }) => `${labels.service}${labels.code ?? ''}`);
  expect(named([is('service', ['b'])])).toEqual(['b2xx', 'b5xx', 'b']);
  expect(named([is('service', ['a', 'c']), is('code', ['5xx'])]).sort()).toEqual(['a5xx', 'c5xx']);
  expect(named([is('service', ['c']), is('code', ['2xx'], true)])).toEqual(['c5xx', 'c']);
  expect(named([is('code', [''])])).toEqual(['a', 'b', 'c']);
  expect(named([is('service', ['d'])])).toEqual([]);
});
