import { expectedRequests } from '#simulator/world/profile.ts';
import { hash, poisson, sequence, uniform } from '#simulator/world/random.ts';

const minuteMs = 60_000;
/** A pod is scraped this often. */
export const scrapeMs = minuteMs;
const perMinute = 110;
const clientErrorShare = 0.012;
const codes = ['200', '404', '500'] as const;

/** One counter of a pod as it stands at an instant (ms); null while there is none. */
export interface PodCounter {
  labels: Record<string, string>;
  at(time: number): number | null;
}

/** A process that is scraped: its counters begin anew whenever it restarts. */
export interface Pod {
  /** When it is scraped, ms after a multiple of `scrapeMs`. */
  offset: number;
  counters: PodCounter[];
}

/**
 * A pod of a service from `begin` (ms, whole minute) on: a pure function of its arguments. `errorShare` of its requests fail. It restarts every
 * other day or so, and what it did in that minute is lost with it; failures have no counter before the first one.
 */
export function createPod(seed: string, service: string, pod: string, begin: number, errorShare: number): Pod {
  const first = begin / minuteMs;
  /** By minute: the end of it, since `begin`; and since when its counters count. */
  const sums: number[][] = [[0, 0, 0]];
  const births: number[] = [0];
  const reach = (index: number) => {
    for (let i = sums.length; i <= index; i++) {
      const minute = first + i - 1;
      const next = sequence(seed, service, pod, minute, 'scraped');
      const requests = poisson(expectedRequests({ perMinute }, minute), next);
      const failed = poisson(requests * errorShare, next);
      const refused = poisson(requests * clientErrorShare, next);
      const fine = Math.max(0, requests - failed - refused);
      const [a, b, c] = sums[i - 1] as [number, number, number];
      sums.push([a + fine, b + refused, c + failed]);
      births.push(restarts(seed, service, pod, minute) ? i : births[i - 1]!);
    }
  };
  return {
    offset: (hash(seed, service, pod, 'offset') % (scrapeMs / 1000)) * 1000,
    counters: codes.map((code, column) => ({
      labels: { job: service, instance: `${pod}:9090`, pod, code },
      at(time) {
        const minutes = (time - begin) / minuteMs;
        const index = Math.floor(minutes);
        if (index < 0) return null;
        reach(index + 1);
        const birth = births[index]!;
        const [from, to] = [sums[index]![column]!, sums[index + 1]![column]!];
        const value = Math.floor(from + (to - from) * (minutes - index)) - sums[birth]![column]!;
        return code !== '200' && value === 0 ? null : value;
      },
    })),
  };
}

/** True when the pod restarts at the end of a minute. */
function restarts(seed: string, service: string, pod: string, minute: number): boolean {
  const day = Math.floor(minute / 1440);
  return hash(seed, service, pod, day, 'restart') % 1440 === minute % 1440 && uniform(seed, service, pod, day) < 0.5;
}
