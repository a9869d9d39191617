import { hourMs, minuteMs, periodSums, windowSums } from '#app/domain/slo/series.ts';
import type { Slo } from '#app/domain/slo/slo.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { anSlo, monday } from '../../domain/slo/make.ts';
import { fakeMonitoring, fakeStore } from './fake-monitoring.ts';
import { fakePrometheus } from './fake-prometheus.ts';

/** Never aborted. */
export const signal = new AbortController().signal;
/** Up to when the counters of the tests run, ms. */
export const now = monday + 10 * hourMs;
/** The matcher of what counts as bad. */
export const bad = 'code=~"5.."';

/** An SLO of the answers of `job`, scraped by the server at `url`. */
export function scraped(job: string, over: Partial<Slo> = {}, url = 'http://prometheus:9090'): Slo {
  const total = { selector: `x_total{job="${job}"}` };
  const part = { selector: `x_total{job="${job}",${bad}}` };
  const indicator = { kind: 'prometheus', counted: 'bad', total, part, source: 'shop', url } as const;
  return anSlo({ id: `${job}-answers`, service: job, settle: minuteMs, indicator, ...over });
}

/** Two services of one server. */
export const [shop, pay] = [scraped('shop'), scraped('pay')];

/** A collector of these SLOs over an empty server and store, and how to look at what it counted. `create` makes it anew, as after a restart. */
export function start(slos: Slo[] = [shop, pay]) {
  const source = fakePrometheus();
  const store = fakeStore();
  const create = () =>
    createCollector({ monitoring: fakeMonitoring().read, prometheus: source.read }, store, store.cursors);
  const collector = create();
  const collect = (at: number, one = collector) => one.collect({ slos }, at, signal);
  const minute = (slo: Slo, end: number, one = collector) => windowSums(one.series(slo.id)!, end / minuteMs, 1);
  const span = (slo: Slo, from: number, to: number, one = collector) => {
    const { bad, total, known } = periodSums(one.series(slo.id)!, from, to);
    return { bad, total, known };
  };
  return { source, store, create, collector, collect, minute, span };
}

/** A counter that grows by `step` each minute, read at each minute's 20th second; returns its last value. */
export function run(
  source: ReturnType<typeof fakePrometheus>,
  job: string,
  code: string,
  { from, to, step, value = 1000 }: { from: number; to: number; step: number; value?: number },
): number {
  let last = value;
  for (let at = from + 20_000; at <= to; at += minuteMs) {
    last += step;
    source.put('x_total', { job, code, instance: `${job}:80` }, at, last);
  }
  return last;
}
