import { expect, test } from 'vitest';
import { newTape, type ReadSeries, record, trim } from '#app/domain/prometheus/tape.ts';

const read = (pod: string, ...readings: [number, number][]): ReadSeries => ({
  name: 'x_total',
  labels: { pod },
  times: Float64Array.from(readings, ([at]) => at),
  values: Float64Array.from(readings, ([, value]) => value),
});
const held = (tape: ReturnType<typeof newTape>) =>
  [...tape.series.values()].map(({ labels, times, values }) => [labels.pod, [...times], [...values]]);

test('readings come in whatever their order, those of one instant once, and none is lost', () => {
  const tape = newTape();
  record(tape, [read('a', [10, 1], [20, 2], [40, 4]), read('b', [20, 7])]);
  record(tape, [read('a', [5, 0], [30, 3], [40, 44], [50, 5])]);
  expect(held(tape)).toEqual([
    ['a', [5, 10, 20, 30, 40, 50], [0, 1, 2, 3, 44, 5]],
    ['b', [20], [7]],
  ]);
  const before = held(tape);
  record(tape, [read('a', [40, 44], [50, 5]), read('b')]);
  expect(held(tape)).toEqual(before);
});

test('a counter stays one object, and what comes and goes is said', () => {
  const tape = newTape();
  const came = record(tape, [read('a', [10, 1])]);
  expect(came).toEqual([...tape.series.values()]);
  expect(record(tape, [read('a', [20, 2]), read('b', [30, 1])]).map(({ labels }) => labels.pod)).toEqual(['b']);
  expect([...tape.series.values()][0]).toBe(came[0]);
  expect(trim(tape, 25, 20)).toEqual(came);
  expect(trim(tape, 25, 20)).toEqual([]);
});

test('the order of labels makes no other counter', () => {
  const tape = newTape();
  const [times, values] = [Float64Array.of(1), Float64Array.of(1)];
  record(tape, [{ name: 'x', labels: { a: '1', b: '2' }, times, values }]);
  record(tape, [{ name: 'x', labels: { b: '2', a: '1' }, times: Float64Array.of(2), values }]);
  expect(tape.series.size).toBe(1);
});

test('the last reading before the stretch is held, twenty in any case, and a counter that is long gone is not', () => {
  const tape = newTape();
  const many = Array.from({ length: 100 }, (_, i): [number, number] => [i + 1, i]);
  record(tape, [read('a', ...many), read('b', [5, 1]), read('c', ...many.slice(0, 3), [90, 9])]);
  trim(tape, 70, 5);
  const [a, c, ...none] = held(tape) as [string, number[], number[]][];
  expect(none).toEqual([]);
  expect(a).toEqual(['a', many.slice(69).map(([at]) => at), many.slice(69).map(([, value]) => value)]);
  expect(c![1]).toEqual([1, 2, 3, 90]);
  trim(tape, 99, 5);
  expect((held(tape)[0] as [string, number[]])[1]).toHaveLength(20);
});
