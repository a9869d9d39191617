import { createMonitoringRead } from '../../app/clients/cloud-monitoring/read.server.ts';
import { applyAlertTransitions } from '../../app/engine/incidents/apply-alerts.server.ts';
import { createCollector } from '../../app/engine/metrics/collector.server.ts';
import { evaluateTask } from '../../app/engine/metrics/evaluate.server.ts';
import { fencedHours } from '../../app/engine/metrics/fenced-hours.server.ts';
import { startShare } from '../../app/engine/metrics/share.server.ts';
import { manualClock } from '../../app/platform/clock.ts';
import { openDb } from '../../app/platform/db.server.ts';
import { createLog } from '../../app/platform/log.ts';
import { createMetrics } from '../../app/platform/metrics.ts';
import { createNotices } from '../../app/platform/notify.server.ts';
import { createCatalogStore } from '../../app/stores/catalog.server.ts';
import { createCursorStore } from '../../app/stores/cursors.server.ts';
import { createShardStore } from '../../app/stores/slo/slo-shards.server.ts';
import { createSloStore } from '../../app/stores/slo/slos.server.ts';
import { familyCpuSeconds } from './process-cpu.ts';

/** What a cycle took: ms of CPU here and in PostgreSQL, wall ms, and what was read of the source. */
export interface CycleCost {
  cpuMs: number;
  databaseMs: number;
  wallMs: number;
  calls: number;
  points: number;
}

/** What the process under measurement prints: one line of JSON. */
export interface CycleReport {
  /** Wall ms from the process's start to the first evaluation of every SLO, and the CPU of it. */
  firstMs: number;
  firstCpuMs: number;
  /** Cycles that evaluate a new minute, and whole minutes: such a cycle with the three that follow. */
  full: CycleCost[];
  minutes: CycleCost[];
  /** Bytes of an SLO in memory. */
  bytes: number;
}

const {
  DATABASE_URL: databaseUrl = '',
  SOURCE: endpoint = '',
  POSTGRES_PID: postgresPid,
  START: start,
  MINUTES: minutes,
} = process.env;
const clock = manualClock(Number(start));
const log = createLog('silent', { add: () => undefined, text: (text) => text });
const { db } = openDb(databaseUrl, { max: 12, onError: () => undefined });
const notices = await createNotices(databaseUrl, db, log);
const catalogs = createCatalogStore(db, notices);
const catalog = async () => catalogs.current();
const slos = createSloStore(db, catalogs);
const source = createMonitoringRead({ endpoint, timeoutMs: 60_000 });
const read = { calls: 0, points: 0 };
const counted: typeof source.counts = async (query) => {
  const answer = await source.counts(query);
  const points = answer.reduce((sum, series) => sum + series.points.length, 0);
  read.points += points;
  read.calls += Math.max(1, Math.ceil(points / 100_000));
  return answer;
};
const share = startShare({ db, shards: createShardStore(db), worker: 'bench', log, onUneven: () => undefined });
const hours = fencedHours(slos, share);
const collector = createCollector(
  { monitoring: { ...source, counts: counted }, prometheus: { counters: async () => [] } },
  hours,
  createCursorStore(db),
);
const { notify } = notices;
const task = evaluateTask({
  db,
  clock,
  catalog,
  collector,
  slos,
  share,
  metrics: createMetrics(),
  notify,
  suspects: async () => null,
  apply: (tx, verdicts) =>
    applyAlertTransitions(
      { db, clock, notify, log, catalog, mode: 'observe', incidentUrl: () => '' } as never,
      tx,
      verdicts,
    ),
});
const never = new AbortController().signal;

async function cycle(): Promise<CycleCost> {
  const [cpu, database, wall, { calls, points }] = [cpuMs(), databaseMs(), performance.now(), { ...read }];
  await task.run(never);
  return {
    wallMs: performance.now() - wall,
    cpuMs: cpuMs() - cpu,
    databaseMs: databaseMs() - database,
    calls: read.calls - calls,
    points: read.points - points,
  };
}

await catalog();
globalThis.gc?.();
const empty = memory();
await cycle();
const report: CycleReport = { firstMs: performance.now(), firstCpuMs: cpuMs(), full: [], minutes: [], bytes: 0 };
globalThis.gc?.();
const slosCount = (await catalog())?.slos.length ?? 0;
report.bytes = (memory() - empty) / slosCount;
// The first minutes are not counted: code is compiled, and hours are written for the first time.
for (let minute = -2; minute < Number(minutes); minute++) {
  const costs: CycleCost[] = [];
  for (let quarter = 0; quarter < 4; quarter++) {
    clock.set(Number(start) + (minute + 3) * 60_000 + quarter * 15_000);
    costs.push(await cycle());
  }
  if (minute < 0) continue;
  report.full.push(costs[0]!);
  report.minutes.push(costs.reduce(plus));
}
process.stdout.write(`${JSON.stringify(report)}\n`);
process.exit(0);

function plus(a: CycleCost, b: CycleCost): CycleCost {
  return {
    wallMs: a.wallMs + b.wallMs,
    cpuMs: a.cpuMs + b.cpuMs,
    databaseMs: a.databaseMs + b.databaseMs,
    calls: a.calls + b.calls,
    points: a.points + b.points,
  };
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function databaseMs(): number {
  return familyCpuSeconds(Number(postgresPid)) * 1000;
}

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
