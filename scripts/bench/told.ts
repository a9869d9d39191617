import { riseSince } from '../../app/domain/change/watch.ts';
import { createSeries, minuteMs, setMinute } from '../../app/domain/slo/series.ts';
import { type Figure, quantile } from './figure.ts';

/** A service as the studio's: 900 requests a minute, one in 10,000 failing, an SLO of 99.9 %. */
const perMinute = 900;
const usualRatio = 1e-4;
const objective = 0.999;
/** A minute can be read this long after its end, and does not change any more after `settleMs`. */
const delayMs = 2 * minuteMs;
const settleMs = 4 * minuteMs;
/** How often the engine looks for rises, and how often it delivers. */
const lookMs = 15_000;
const deliverMs = 5_000;
const rounds = 200;
/** Of those who get the flag everybody fails. At 1 % that is a burn of 10. */
const exposures = [1, 5, 25, 100];

/**
 * P13: from a harmful change to the notice for whoever made it, in data time: the rule that watches changes on simulated
 * traffic, once for each exposure, with the change anywhere in its minute. The reference is the delay of the data.
 */
export async function told(): Promise<Figure[]> {
  return exposures.map((percent) => {
    const random = seeded(percent);
    const times = Array.from({ length: rounds }, () => toldAfter(percent / 100, random));
    const late = quantile(times, 0.99) / 1000;
    return {
      ...{
        id: 'P13',
        work: `harmful change at ${percent} % to its author being told, p99 of ${rounds}`,
        unit: 's' as const,
      },
      ...{ ours: late, reference: { what: 'data delay', value: delayMs / 1000 }, reach: '≤ 6 min' },
      within: late <= 360,
    };
  });
}

function toldAfter(share: number, random: () => number): number {
  const series = createSeries(2);
  const first = 1_000_000;
  const changeMinute = first + 180;
  const changeAt = (changeMinute + random()) * minuteMs;
  let written = first;
  // The engine's looks have a beat of their own.
  for (let now = changeAt + random() * lookMs; now < changeAt + 30 * minuteMs; now += lookMs) {
    for (; (written + 1) * minuteMs + delayMs <= now; written++) {
      const exposed = Math.min(1, Math.max(0, written + 1 - changeAt / minuteMs)) * share;
      setMinute(series, written, poisson(perMinute * (usualRatio + exposed), random), perMinute);
    }
    if (riseSince(series, { objective, changeAt, settleMs, now })) return now - changeAt + deliverMs;
  }
  return Number.POSITIVE_INFINITY;
}

/** How many of events with this mean happen, by chance; over 50 the normal curve stands in. */
function poisson(mean: number, random: () => number): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(perMinute, Math.max(0, Math.round(mean + Math.sqrt(mean) * normal)));
  }
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
  return count;
}

/** The same numbers at every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
