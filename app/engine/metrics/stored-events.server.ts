import { loadHours } from '../../domain/slo/load-hours.ts';
import { createSeries, type MinuteSeries } from '../../domain/slo/series.ts';
import { slicesOf } from '../../domain/slo/slices.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import type { SloHours } from '../../stores/slo/slo-hours.server.ts';

/** The stored events of some SLOs from an hour (number since the epoch) on, by SLO; those without any are missing. */
export async function storedEvents(
  store: Pick<SloHours, 'hours' | 'eventHours'>,
  slos: readonly Slo[],
  fromHour: number,
): Promise<Map<string, MinuteSeries>> {
  const { counted = [], sliced = [] } = Object.groupBy(new Set(slos), (slo) => (slicesOf(slo) ? 'sliced' : 'counted'));
  const idsOf = (some: readonly Slo[]) => some.map(({ id }) => id);
  const rows = [
    ...(counted.length > 0 ? await store.hours(idsOf(counted), fromHour) : []),
    ...(sliced.length > 0 ? await store.eventHours(idsOf(sliced), fromHour) : []),
  ];
  return new Map(
    rows.map(([id, hours]) => {
      const series = createSeries();
      loadHours(series, hours);
      return [id, series];
    }),
  );
}
