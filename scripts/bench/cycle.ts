import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../supervisor/postgres.ts';
import { removePostgres } from '../supervisor/postgres-home.ts';
import { startChild } from '../supervisor/process.ts';
import { routesPerService, writeBigCatalog } from './big-catalog.ts';
import type { CycleCost, CycleReport } from './cycle-engine.ts';
import { fillBigHistory } from './cycle-history.ts';
import { exponent, type Figure, median } from './figure.ts';
import { ruleCost } from './rule-cost.ts';

/** 100, 1,000 and 10,000 SLOs. */
const serviceCounts = [20, 200, 2_000];
/** Of 1,000 SLOs it is measured whether a cycle costs the same whatever the length of its windows. */
const flatServices = 200;
/** Prometheus evaluates the rules of so many: what one costs does not hang on how many there are. */
const ruledSlos = 50;
const measuredMinutes = 4;
const minutesPerDay = 24 * 60;
/** Once a day the last 25 hours are read again. */
const rereadMinutes = 25 * 60;

/** What one size cost. */
interface Measured {
  slos: number;
  report: CycleReport;
  /** ms of CPU, PostgreSQL's included, of the cycle that evaluates a new minute, and of a minute's four. */
  cycleMs: number;
  minuteMs: number;
}

/** P2: one cycle of many SLOs, from the source's answer to alerts in PostgreSQL, against Prometheus evaluating the same SLOs' rules. */
export async function cycle(log: (line: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-cycle-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined, throwaway: true });
  try {
    const sizes: Measured[] = [];
    for (const services of serviceCounts) {
      log(`${services * routesPerService} SLOs`);
      const catalog = writeBigCatalog(services);
      const databaseUrl = await postgres.ensureDatabase(`bench_${services}`);
      const start = await fillBigHistory(databaseUrl, catalog);
      rmSync(catalog, { recursive: true, force: true });
      sizes.push(await measure({ folder, services, databaseUrl, postgresPid: postgres.pid, start }, log));
    }
    log('one day, windows of up to two hours');
    const catalog = writeBigCatalog(flatServices, '1d');
    const databaseUrl = await postgres.ensureDatabase('bench_short');
    const start = await fillBigHistory(databaseUrl, catalog);
    rmSync(catalog, { recursive: true, force: true });
    const short = await measure({ folder, services: flatServices, databaseUrl, postgresPid: postgres.pid, start }, log);
    log(`Prometheus, the rules of ${ruledSlos} SLOs`);
    const ruleMs = await ruleCost(ruledSlos);
    if (ruleMs === null) log('  skipped: there is no Prometheus 2');
    return [...sizes.flatMap((size) => figuresOf(size, ruleMs)), flatness(sizes, short), growth(sizes)];
  } finally {
    await postgres.stop();
    removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  world: { folder: string; services: number; databaseUrl: string; postgresPid: number; start: number },
  log: (line: string) => void,
): Promise<Measured> {
  const { folder, services } = world;
  const source = await startChild({
    name: 'The source',
    script: 'scripts/bench/metric-server.ts',
    env: { SERVICES: String(services) },
    logFile: join(folder, `source-${services}.log`),
    helloKeys: ['port'],
    timeoutMs: 20_000,
  });
  try {
    const engine = await startChild({
      name: 'The engine',
      script: 'scripts/bench/cycle-engine.ts',
      env: {
        NODE_OPTIONS: '--expose-gc',
        DATABASE_URL: world.databaseUrl,
        SOURCE: `127.0.0.1:${source.hello.port}`,
        POSTGRES_PID: String(world.postgresPid),
        START: String(world.start),
        MINUTES: String(measuredMinutes),
      },
      logFile: join(folder, `engine-${services}.log`),
      helloKeys: ['full'],
      timeoutMs: 600_000,
    });
    await engine.exited;
    const report = engine.hello as unknown as CycleReport;
    log(
      `  a cycle: ${words(report.full)}; a minute of four: ${words(report.minutes)}; first after ${report.firstMs.toFixed(0)} ms, ${report.firstCpuMs.toFixed(0)} ms CPU`,
    );
    return { slos: services * routesPerService, report, cycleMs: cpuOf(report.full), minuteMs: cpuOf(report.minutes) };
  } finally {
    await source.stop(2_000);
  }
}

const of = (costs: readonly CycleCost[], pick: (cost: CycleCost) => number) => median(costs.map(pick));
const cpuOf = (costs: readonly CycleCost[]) => of(costs, ({ cpuMs, databaseMs }) => cpuMs + databaseMs);
const words = (costs: readonly CycleCost[]) =>
  `${of(costs, ({ cpuMs }) => cpuMs).toFixed(0)} + ${of(costs, ({ databaseMs }) => databaseMs).toFixed(0)} ms CPU (engine + PostgreSQL), ${of(costs, ({ wallMs }) => wallMs).toFixed(0)} ms`;

function figuresOf({ slos, report, cycleMs, minuteMs }: Measured, ruleMs: number | null): Figure[] {
  const reference = ruleMs === null ? null : { what: 'Prometheus', value: ruleMs * slos };
  const ruled = (figure: Figure): Figure => ({
    ...figure,
    reference,
    reach: '≤ 1/40',
    within: reference && figure.ours <= reference.value / 40,
  });
  const figure = (
    work: string,
    ours: number,
    unit: Figure['unit'],
    reach = '',
    within: boolean | null = null,
  ): Figure => ({
    id: 'P2',
    work: `${work}, ${slos.toLocaleString('en-GB')} SLOs`,
    unit,
    ours,
    reference: null,
    reach,
    within,
  });
  const calls = of(report.minutes, (cost) => cost.calls) * minutesPerDay;
  const perMinute = of(report.minutes, (cost) => cost.points) / slos;
  const series = 2;
  return [
    ruled(figure('one cycle with a new minute, CPU with PostgreSQL', cycleMs, 'ms')),
    ruled(figure('a minute of four cycles, CPU with PostgreSQL', minuteMs, 'ms')),
    figure(
      'process start to first burn of all, from what is stored',
      report.firstMs,
      'ms',
      '< 5 s',
      report.firstMs < 5_000,
    ),
    figure('memory an SLO', report.bytes / 1024, 'KB', '≤ 100 KB', report.bytes <= 100 * 1024),
    figure('calls to the source a day', calls, ''),
    figure('points read an SLO and day', perMinute * minutesPerDay + series * rereadMinutes, ''),
  ];
}

function growth(sizes: readonly Measured[]): Figure {
  const grown = exponent(sizes.map(({ slos, cycleMs }) => ({ size: slos, cost: cycleMs })));
  return {
    id: 'P2',
    work: `exponent of a cycle's CPU, ${sizes.map(({ slos }) => slos.toLocaleString('en-GB')).join(' → ')} SLOs`,
    unit: '',
    ours: grown,
    reference: null,
    reach: '≤ 1',
    within: grown <= 1,
  };
}

/** A cycle of SLOs of 30 days beside one of as many SLOs of one day. */
function flatness(sizes: readonly Measured[], short: Measured): Figure {
  const long = sizes.find(({ slos }) => slos === short.slos)!;
  return {
    id: 'P2',
    work: `one cycle of ${short.slos.toLocaleString('en-GB')} SLOs of 30 days with windows of up to 3 days, CPU with PostgreSQL`,
    unit: 'ms',
    ours: long.cycleMs,
    reference: { what: '1 day, up to 2 hours', value: short.cycleMs },
    reach: '≤ 1.2×',
    within: long.cycleMs <= 1.2 * short.cycleMs,
  };
}
