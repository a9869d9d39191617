import { createSeries, type MinuteSeries, minuteMs, setMinute } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';

/** A whole hour (UTC) that tests count from: 2026-11-16, a Monday, 00:00. */
export const monday = Date.UTC(2026, 10, 16);

/** An SLO of 99.9 % over 30 rolling days, unless told otherwise. */
export function anSlo(change: Partial<Slo> = {}): Slo {
  const source = { project: 'p', filter: 'f' };
  return {
    id: 'voiceover-availability',
    title: 'Voiceover answers',
    description: '',
    service: 'voiceover',
    objective: 0.999,
    period: { kind: 'rolling', days: 30 },
    indicator: { kind: 'ratio', total: source, bad: source },
    profile: 'default',
    paging: 'firebreak',
    runbook: null,
    minBadEvents: 1,
    settle: 240_000,
    ...change,
  };
}

/** A series filled minute by minute from `from` to `to` (ms); `count` null leaves a minute unknown. */
export function filled(
  from: number,
  to: number,
  count: (at: number) => { bad: number; total: number } | null,
  series: MinuteSeries = createSeries(),
): MinuteSeries {
  for (let at = from; at < to; at += minuteMs) {
    const value = count(at);
    if (value) setMinute(series, at / minuteMs, value.bad, value.total);
  }
  return series;
}

/** Uniform noise that is the same on every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A Poisson draw of the given mean. */
export function poisson(mean: number, random: () => number): number {
  if (mean > 200) {
    const gauss = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * gauss));
  }
  const u = random();
  let term = Math.exp(-mean);
  let k = 0;
  for (let sum = term; u > sum && k < 2000; sum += term) {
    k++;
    term *= mean / k;
  }
  return k;
}
