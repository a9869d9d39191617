import type { CounterSeries } from '../openmetrics/reader.ts';
import { type OrderedSamples, orderSamples } from '../openmetrics/samples.ts';
import { type MinuteTable, newTable } from '../slo/minute-counts.ts';
import { bornInside, eachIncrease, eachMeasuredMinute } from './increases.ts';
import { type Selector, selects } from './selector.ts';

/** A counter with its readings in order. */
export type OrderedSeries = Omit<CounterSeries, 'samples'> & OrderedSamples;

/** Which counters are which: `part` counts the good or the bad events among `total`. */
export interface Sides {
  total: Selector;
  part: Selector;
  counted: 'good' | 'bad';
}

/** Rounding of sums of fractions, as a share of the total, that is no event. */
const rounding = 1e-9;

/** Puts every counter's readings in order, once for all SLOs. */
export function orderSeries(series: readonly CounterSeries[]): OrderedSeries[] {
  return series.map(({ samples, ...one }) => ({ ...one, ...orderSamples(samples) }));
}

/** A counter with what it counts for an SLO. */
export interface PickedSeries {
  one: OrderedSeries;
  inTotal: boolean;
  inPart: boolean;
}

/** A counter with what it counts for an SLO; null where neither selector finds it. */
export function pickOne(one: OrderedSeries, { total, part }: Sides): PickedSeries | null {
  const inTotal = selects(total, one.name, one.labels);
  const inPart = selects(part, one.name, one.labels);
  return inTotal || inPart ? { one, inTotal, inPart } : null;
}

/**
 * Bad and all events of the minutes [first, end), from reset-corrected differences of all counters that the two selectors
 * find. A minute is known where a counter of the total measured it: without one of the part, that part is 0.
 */
export function countMinutes(series: readonly OrderedSeries[], sides: Sides, first: number, end: number): MinuteTable {
  const picked = series.flatMap((one) => pickOne(one, sides) ?? []);
  return countPicked(picked, sides.counted, first, end);
}

/** The same of counters that were picked before. */
export function countPicked(
  used: readonly PickedSeries[],
  counted: Sides['counted'],
  first: number,
  end: number,
): MinuteTable {
  const table = newTable(first, Math.max(0, end - first));
  const born = bornInside(used.map(({ one }) => one));
  const sign = counted === 'bad' ? 1 : -1;
  for (const [index, { one, inTotal, inPart }] of used.entries()) {
    const counter = { ...one, fromZero: born[index]! };
    const bad = (counted === 'good' && inTotal ? 1 : 0) + (inPart ? sign : 0);
    eachIncrease(counter, (minute, growth) => {
      const at = minute - first;
      if (at < 0 || at >= table.known.length) return;
      if (inTotal) table.total[at]! += growth;
      table.bad[at]! += bad * growth;
    });
    if (!inTotal) continue;
    eachMeasuredMinute(counter, (minute) => {
      const at = minute - first;
      if (at >= 0 && at < table.known.length) table.known[at] = 1;
    });
  }
  for (let at = 0; at < table.bad.length; at++)
    if (Math.abs(table.bad[at]!) <= table.total[at]! * rounding) table.bad[at] = 0;
  return table;
}
