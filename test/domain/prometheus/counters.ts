import { countMinutes, type OrderedSeries, orderSeries } from '#app/domain/prometheus/count-minutes.ts';
import { parseSelector } from '#app/domain/prometheus/selector.ts';
import { type MinuteCounts, sumUp } from '#app/domain/slo/minute-counts.ts';

/** Readings of one counter: Unix seconds and value. */
export type Readings = readonly (readonly [number, number])[];

/** A counter of the total, or of the bad ones among it when it has code 500. */
export function counter(
  code: '200' | '500',
  readings: Readings,
  created: number[] = [],
  target: Record<string, string> = {},
): OrderedSeries {
  const times = Float64Array.from(readings, ([time]) => time * 1000);
  const values = Float64Array.from(readings, ([, value]) => value);
  return orderSeries([
    { name: 'x_total', labels: { code, ...target }, created, samples: { times, values, length: times.length } },
  ])[0]!;
}

/** Counts of the minutes from 0 to `end` by `x_total{code="500"}` among what `all` selects. */
export function counts(series: readonly OrderedSeries[], end: number, all = 'x_total'): MinuteCounts {
  const [total, part] = [all, 'x_total{code="500"}'].map((text) => {
    const read = parseSelector(text);
    if ('fault' in read) throw new Error(read.fault.message);
    return read.selector;
  });
  return sumUp(countMinutes(series, { total: total!, part: part!, counted: 'bad' }, 0, end));
}
