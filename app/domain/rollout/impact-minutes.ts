import { eachMeasuredMinute } from '../prometheus/increases.ts';
import { minuteMs } from '../slo/series.ts';
import type { GuardReading } from './verdict.ts';

/** What was counted in one minute with one answer of the flag. */
export interface ImpactMinute {
  metric: string;
  /** `enabled`, `disabled`, or the name of a variant. */
  answer: string;
  /** End of the minute, ms. */
  minute: number;
  count: number;
  /** When it was last seen to grow within the minute, ms. */
  seenAt: number;
}

/**
 * The minutes of those who have the flag, or one variant of it. A minute is known where SDKs reported any request with the
 * flag's answer, on or off, as the rules for counters say; nobody who reports is no data, and none of those who have it no request.
 */
export function impactMinutes(
  rows: readonly ImpactMinute[],
  { total, bad }: { total: string; bad: string },
  variant: string | null,
): GuardReading['minutes'] {
  const times = [...new Set(rows.flatMap(({ metric, seenAt }) => (metric === total ? [seenAt] : [])))];
  const minutes = new Map<number, GuardReading['minutes'][number]>();
  const none = Float64Array.of();
  eachMeasuredMinute(
    { times: Float64Array.from(times.sort((a, b) => a - b)), values: none, created: [], fromZero: true },
    (minute) => {
      const at = (minute + 1) * minuteMs;
      if (!minutes.has(at)) minutes.set(at, { at, bad: 0, total: 0 });
    },
  );
  for (const { metric, answer, minute, count } of rows) {
    if (metric !== total && metric !== bad) continue;
    if (answer === 'disabled' || (variant !== null && answer !== variant)) continue;
    const found = minutes.get(minute) ?? { at: minute, bad: 0, total: 0 };
    found[metric === total ? 'total' : 'bad'] += count;
    minutes.set(minute, found);
  }
  return [...minutes.values()];
}
