import { uniform } from './random.ts';

/** When the point of a series at a minute's end (ms) can be read, data time in ms. */
export type VisibleAt = (seriesKey: string, end: number) => number;

/** A span of data time in which no point arrives; what was due then arrives when it ends. */
export interface Blackout {
  from: number;
  to: number | null;
}

/** Points appear 60 to 240 s after their minute ended, each series and minute by itself and so out of order, but not during a blackout. */
export function createVisibility(seed: string, blackouts: () => readonly Blackout[]): VisibleAt {
  return (key, end) => {
    let at = end + 60_000 + uniform(seed, 'delay', key, end) * 180_000;
    for (const { from, to } of blackouts())
      if (at >= from && (to === null || at < to)) at = to ?? Number.POSITIVE_INFINITY;
    return at;
  };
}
