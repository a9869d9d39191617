import { countText, durationText } from './figures.ts';
import { gaugeBoundText } from './gauge.ts';
import { minuteMs } from './series.ts';
import { slicesOf } from './slices.ts';
import type { Slo } from './slo.ts';

/** What an SLO counts against its budget, as a word for one and for several. */
export interface Unit {
  one: string;
  many: string;
}

type Counting = Pick<Slo, 'budgeting'>;

/** "request", or "slice" for an SLO in slices of time: "minute" where a slice is one. */
export function unitOf(slo: Counting): Unit {
  const slices = slicesOf(slo);
  if (!slices) return { one: 'request', many: 'requests' };
  return slices.minutes === 1 ? { one: 'minute', many: 'minutes' } : { one: 'slice', many: 'slices' };
}

/** What tables call them: "events", "slices", "minutes". */
export function countedUnits(slo: Counting): string {
  return slicesOf(slo) ? unitOf(slo).many : 'events';
}

/** "failure", "slow request", "bad slice". */
export function badUnitOf(slo: Pick<Slo, 'budgeting' | 'indicator'>): Unit {
  if (slicesOf(slo)) {
    const { one, many } = unitOf(slo);
    return { one: `bad ${one}`, many: `bad ${many}` };
  }
  return slo.indicator.kind === 'latency'
    ? { one: 'slow request', many: 'slow requests' }
    : { one: 'failure', many: 'failures' };
}

/** A count of bad ones: whole, but where slices count by their share of bad events: 3.25. */
export function badText(slo: Counting, bad: number): string {
  const inShares = slicesOf(slo)?.method === 'RatioTimeslices';
  return inShares && bad < 100 ? String(Number(bad.toFixed(2))) : countText(bad);
}

/** What a judgement by events says of an SLO in slices; null where events count. */
export function judgedByText(slo: Pick<Slo, 'budgeting' | 'indicator'>): string | null {
  const slices = slicesOf(slo);
  if (!slices) return null;
  if (slo.indicator.kind === 'gauge')
    return 'Judged by its minutes; those of a gauge follow on each other, so that few of them prove little.';
  return slices.method === 'RatioTimeslices'
    ? 'Judged by the events in its slices, all together.'
    : `Judged by the events in its slices, against the ${percentText(slices.target)} of good ones that make a slice good.`;
}

function percentText(share: number): string {
  return `${Number((share * 100).toPrecision(12))} %`;
}

/**
 * How slices count, in a sentence's part; null where events count: "slices of 5 min, each good from 95 % good events on", "minutes, each good
 * while its worst value is at most 600".
 */
export function slicesText(slo: Pick<Slo, 'budgeting' | 'indicator'>): string | null {
  const slices = slicesOf(slo);
  if (!slices) return null;
  const length = `slices of ${durationText(slices.minutes * minuteMs)}`;
  const { indicator } = slo;
  if (indicator.kind === 'gauge' && slices.method === 'Timeslices') {
    const good = `worst value is ${gaugeBoundText(indicator)}`;
    return slices.minutes === 1
      ? `minutes, each good while its ${good}`
      : `${length}, each good while in ${percentText(slices.target)} of its minutes the ${good}`;
  }
  return slices.method === 'RatioTimeslices'
    ? `${length}, each by its share of bad events`
    : `${length}, each good from ${percentText(slices.target)} good events on`;
}
