import { eachIncrease, minuteOf } from '../prometheus/increases.ts';
import { minuteMs } from '../slo/series.ts';
import type { RolloutPlan } from './plan.ts';

/** One impact metric as Unleash gives it out: a counter that only grows while Unleash runs. */
export interface ImpactCounter {
  metric: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

/** The counters as they were read once. */
export interface ImpactReading {
  /** When they were read, ms. */
  at: number;
  /** The metrics that were asked for: only of these a counter that is not there is known not to exist. */
  metrics: string[];
  counters: ImpactCounter[];
  /** Readings of late in which a counter had fallen, ms. */
  falls: number[];
}

/** Whose counters are wanted: those that SDKs sent with what a flag answered, in one environment. */
export interface ImpactWatch {
  flag: string;
  environment: string;
  metrics: readonly string[];
}

/** Growth of what was counted with one answer of a flag: `enabled`, `disabled` or the name of a variant. */
export interface ImpactGrowth {
  flag: string;
  environment: string;
  metric: string;
  answer: string;
  count: number;
}

/** What SDKs report every minute and Firebreak reads a moment later is complete after this, ms. */
export const impactSettle = 2 * minuteMs;
/** ms between two readings from which on what grew in between cannot be put to a minute any more. */
const longestGap = 5 * minuteMs;
/** So many falls in so many ms are no restarts. */
const mostFalls = 3;
const fallsKept = 10 * minuteMs;

/** A metric or a flag as labels of Unleash's text spell it: what a label may not have becomes "_". */
export function impactName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, '_');
}

/** Labels that every impact metric has of its own: a flag of such a name cannot be told from them. */
const ownLabels: readonly string[] = ['appName', 'environment', 'origin', 'metric_type', 'le'];

function hasImpactLabel(flag: string): boolean {
  return /^[A-Za-z_]/.test(flag) && !ownLabels.includes(impactName(flag));
}

/** Why SDKs cannot send counters along with what this flag answered; null where they can. */
export function impactFault(flag: string): { message: string; hint: string } | null {
  if (hasImpactLabel(flag)) return null;
  return {
    message: `SDKs cannot send impact metrics along with the flag "${flag}".`,
    hint: 'Its name would have to begin with a letter, and be none of the labels that every impact metric has.',
  };
}

/** The counters that the guards of a plan count. */
export function impactMetricsOf({ stages }: RolloutPlan): string[] {
  const sources = stages.flatMap(({ guards }) => guards.map(({ source }) => source));
  return [...new Set(sources.flatMap((source) => (source.kind === 'impact' ? [source.total, source.bad] : [])))];
}

/**
 * The next reading, with what grew since the last one by the answers of the watched flags. A reading in which a counter fell
 * or is gone, and the one after it, count nothing: Unleash began anew, or another instance of it answered. The same after a
 * gap. `many` is true where it falls again and again: then several instances answer in turn, each with its own counts.
 */
export function nextImpact(
  last: ImpactReading | null,
  read: Omit<ImpactReading, 'falls'>,
  watches: readonly ImpactWatch[],
): { reading: ImpactReading; grown: ImpactGrowth[]; many: boolean } {
  if (!last) return { reading: { ...read, falls: [] }, grown: [], many: false };
  const before = new Map(last.counters.map((one) => [keyOf(one), one.value]));
  const now = new Map(read.counters.map((one) => [keyOf(one), one.value]));
  const fell = last.counters.some(
    (one) => read.metrics.includes(one.metric) && (now.get(keyOf(one)) ?? Number.NEGATIVE_INFINITY) < one.value,
  );
  const falls = [...last.falls.filter((at) => at > read.at - fallsKept), ...(fell ? [read.at] : [])];
  const reading = { ...read, falls };
  const many = falls.length >= mostFalls;
  if (fell || last.falls.includes(last.at) || read.at - last.at > longestGap) return { reading, grown: [], many };
  const grown = new Map<string, ImpactGrowth>();
  for (const one of read.counters) {
    if (!last.metrics.includes(one.metric)) continue;
    const earlier = before.get(keyOf(one));
    const count = growth(last.at, earlier, read.at, one.value);
    if (count <= 0) continue;
    for (const { flag, environment, metrics } of watches) {
      const answer = one.labels[impactName(flag)];
      if (answer === undefined || one.labels.environment !== environment || !metrics.includes(one.metric)) continue;
      const key = JSON.stringify([flag, environment, one.metric, answer]);
      const sum = (grown.get(key)?.count ?? 0) + count;
      grown.set(key, { flag, environment, metric: one.metric, answer, count: sum });
    }
  }
  return { reading, grown: [...grown.values()], many };
}

/** End of the minute that a reading counts in, ms. */
export function impactMinute(at: number): number {
  return (minuteOf(at) + 1) * minuteMs;
}

function growth(before: number, earlier: number | undefined, at: number, value: number): number {
  let sum = 0;
  const times = Float64Array.from(earlier === undefined ? [at] : [before, at]);
  const values = Float64Array.from(earlier === undefined ? [value] : [earlier, value]);
  eachIncrease({ times, values, created: [], fromZero: earlier === undefined }, (_, count) => {
    sum += count;
  });
  return sum;
}

function keyOf({ metric, labels }: ImpactCounter): string {
  const names = Object.keys(labels).sort();
  return JSON.stringify([metric, ...names.flatMap((name) => [name, labels[name]])]);
}
