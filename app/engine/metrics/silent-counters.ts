import { type MinuteSeries, minuteMs, newestKnownMinute } from '../../domain/slo/series.ts';
import { usualEvents } from '../../domain/slo/traffic.ts';
import { isSilence } from './fill.ts';
import type { PrometheusBatch } from './plan-prometheus.ts';

/** Prometheus itself holds a counter for gone that was not read for this long. */
const goneAfterMs = 5 * minuteMs;

/**
 * Since when (ms) no reading of each SLO's counters has come although one was due; null while they come, and where none ever
 * came. Counters of requests are not there before the first request to a new process: while the server reads others, those
 * without a reading are silent only once events would surely have come.
 */
export function silentCounters(
  batches: readonly PrometheusBatch[],
  eventsOf: (slo: string) => MinuteSeries | null,
  now: number,
): Map<string, number | null> {
  const silent = new Map<string, number | null>();
  for (const shared of Map.groupBy(batches, ({ source, url }) => JSON.stringify([source, url])).values()) {
    const late: { id: string; events: MinuteSeries; newest: number; due: number }[] = [];
    let reads = false;
    for (const { id, settle } of shared.flatMap(({ slos }) => slos)) {
      silent.set(id, null);
      const events = eventsOf(id);
      const newest = events && newestKnownMinute(events);
      if (events === null || newest === null) continue;
      const due = (newest + 1) * minuteMs + settle;
      if (now - due > goneAfterMs) late.push({ id, events, newest, due });
      else reads = true;
    }
    for (const { id, events, newest, due } of late) {
      const missed = usualEvents(events, newest + 1, Math.floor(now / minuteMs));
      if (!reads || isSilence(missed, 1)) silent.set(id, due);
    }
  }
  return silent;
}
