import { slicesOf } from './slices.ts';
import type { Slo } from './slo.ts';

/** How an SLO's buckets are counted, as it is stored with them: null for events, else the method with its slices. What was counted otherwise is in another unit. */
export function countedAs(slo: Pick<Slo, 'budgeting'>): string | null {
  const slices = slicesOf(slo);
  if (!slices) return null;
  return `${slices.method} ${slices.minutes}m${slices.method === 'Timeslices' ? ` ${slices.target}` : ''}`;
}
