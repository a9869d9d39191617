import { slicesOf } from './slices.ts';
import type { Slo } from './slo.ts';

/** How an SLO's buckets are counted, as it is stored with them: null for events, else the method with its slices, and of a gauge its bound. What was counted otherwise is in another unit. */
export function countedAs(slo: Pick<Slo, 'budgeting' | 'indicator'>): string | null {
  const slices = slicesOf(slo);
  if (!slices) return null;
  const bound = eventsAs(slo);
  const target = slices.method === 'Timeslices' ? ` ${slices.target}` : '';
  return `${slices.method} ${slices.minutes}m${target}${bound ? ` ${bound}` : ''}`;
}

/** The same of the events that slices are cut from: what a minute of a gauge is depends on its bound. */
export function eventsAs({ indicator }: Pick<Slo, 'indicator'>): string | null {
  return indicator.kind === 'gauge' ? `${indicator.op} ${indicator.bound}` : null;
}
