import { useTicking } from './ui/clock.tsx';

/** How old a panel's value is: `never` read, `fresh`, or `stale` with what the last failure said. Times are ms. */
export interface Freshness {
  state: 'never' | 'fresh' | 'stale';
  at: number | null;
  error: string | null;
}

/** A value is stale when the last read failed, or when it is older than `after` ms. */
export function freshness(
  read: { at: number | null; error: string | null; errorAt: number | null },
  now: number,
  after: number,
): Freshness {
  const failing = read.error !== null && (read.at === null || read.errorAt === null || read.errorAt >= read.at);
  const error = failing ? read.error : null;
  if (read.at === null) return { state: 'never', at: null, error };
  return { state: failing || now - read.at > after ? 'stale' : 'fresh', at: read.at, error };
}

/** The same on a page that stays open: it turns stale by itself. */
export function useFreshness(read: Parameters<typeof freshness>[0], after: number): Freshness {
  const state = useTicking((now) => freshness(read, now, after).state);
  return { ...freshness(read, 0, after), state };
}
