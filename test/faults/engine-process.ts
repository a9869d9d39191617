import type { Series, SeriesQuery } from '#app/clients/cloud-monitoring/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import { defaultProfile } from '#app/domain/slo/profiles.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import { standForLeader } from '#app/engine/leader.server.ts';
import { startLoop, type Task } from '#app/engine/loop.server.ts';
import { createCollector } from '#app/engine/metrics/collector.server.ts';
import { evaluateTask } from '#app/engine/metrics/evaluate.server.ts';
import { pingDeadman } from '#app/engine/metrics/ping-deadman.server.ts';
import { startShare } from '#app/engine/metrics/share.server.ts';
import { fileClock } from '#app/platform/clock-file.ts';
import { openDb } from '#app/platform/db.server.ts';
import { createLog } from '#app/platform/log.ts';
import { createMetrics } from '#app/platform/metrics.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { createCursorStore } from '#app/stores/cursors.server.ts';
import { createShardStore } from '#app/stores/slo/slo-shards.server.ts';
import { createSloStore } from '#app/stores/slo/slos.server.ts';
import { anSlo } from '../domain/slo/make.ts';
import { noPrometheus } from '../engine/metrics/fake-prometheus.ts';

// One engine process that leads and evaluates a calm SLO on the clock of a file, and pings an outside check. Killed by the test beside it.
const url = process.env.DATABASE_URL!;
const clock = fileClock(process.env.FIREBREAK_CLOCK!);
const slo = anSlo();
const catalog = { slos: [slo], profiles: { [slo.id]: defaultProfile(slo.period) } } as unknown as Catalog;
const log = createLog('error', createRedactor());
const { db } = openDb(url, { onError: () => undefined });
const slos = createSloStore(db, { current: async () => catalog, save: async () => undefined });

/** A thousand good requests in every minute that has passed. */
async function counts({ from, to, periodSeconds }: SeriesQuery): Promise<Series[]> {
  const period = periodSeconds * 1_000;
  const points: Series['points'] = [];
  for (let end = from + period; end <= Math.min(to, clock.now()); end += period)
    points.push({ end, value: (1_000 * period) / minuteMs });
  return [{ labels: { class: '2xx' }, points }];
}

const shards = createShardStore(db);
const worker = `engine-${process.pid}`;
const share = startShare({ db, shards, worker, log, onUneven: () => undefined });
const evaluate = evaluateTask({
  db,
  clock,
  catalog: async () => catalog,
  collector: createCollector(
    { monitoring: { counts, distributions: async () => [], gauges: async () => [] }, prometheus: noPrometheus },
    slos,
    createCursorStore(db),
  ),
  slos,
  share,
  metrics: createMetrics(),
  notify: async () => undefined,
  suspects: async () => null,
  apply: async () => undefined,
});
const ping: Task = {
  name: 'ping-deadman',
  everyMs: 15_000,
  run: (signal) => pingDeadman({ url: process.env.DEADMAN_URL!, clock, evaluatedAt: shards.evaluatedAt, signal }),
};
standForLeader(
  url,
  {
    won: async () => void startLoop([evaluate, ping], { clock, log, metrics: createMetrics() }),
    lost: async () => process.exit(1),
  },
  log,
);
process.stdout.write(`${JSON.stringify({ ready: process.pid })}\n`);
