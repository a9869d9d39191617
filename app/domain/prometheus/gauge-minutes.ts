import type { PrometheusGauge } from '../slo/declared.ts';
import { gaugeCount } from '../slo/gauge.ts';
import { type MinuteTable, newTable } from '../slo/minute-counts.ts';
import type { OrderedSeries } from './count-minutes.ts';
import { minuteOf } from './increases.ts';
import { type Selector, selects } from './selector.ts';

/**
 * The minutes [first, end) of a gauge, each one event: good or bad by the last reading in it, of several series the worst one; unknown
 * without a reading.
 */
export function gaugeMinutes(
  series: readonly OrderedSeries[],
  gauge: Pick<PrometheusGauge, 'op' | 'bound'> & { selector: Selector },
  first: number,
  end: number,
): MinuteTable {
  const table = newTable(first, Math.max(0, end - first));
  for (const { times, values } of series.filter(({ name, labels }) => selects(gauge.selector, name, labels))) {
    for (let i = 0; i < times.length; i++) {
      const minute = minuteOf(times[i]!);
      const isLast = i + 1 === times.length || minuteOf(times[i + 1]!) !== minute;
      const at = minute - first;
      if (!isLast || at < 0 || at >= table.known.length) continue;
      table.known[at] = 1;
      table.total[at] = 1;
      table.bad[at] = Math.max(table.bad[at]!, gaugeCount(gauge, values[i]!).bad);
    }
  }
  return table;
}
