import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../supervisor/postgres.ts';
import { removePostgres } from '../supervisor/postgres-home.ts';
import { countTransactions } from './count-transactions.ts';
import { exponent, type Figure } from './figure.ts';
import { cpuSeconds, familyCpuSeconds } from './process-cpu.ts';
import { connect, createReference, rowsOf, type StepRows, writeRows } from './run-rows.ts';
import { openRunWorld, stepsPerRun } from './run-world.ts';

/** Runs of five steps each, into an empty database. */
const sizes = [10, 100, 1_000];
/** Connections that write the reference at a time: as many as runs are driven. */
const writers = 4;

/** What one size cost: wall ms and ms of CPU (PostgreSQL's included) a step, ours and the reference's. */
interface Measured {
  steps: number;
  ours: number;
  oursCpu: number;
  reference: number;
  referenceCpu: number;
  transactions: number;
}

/** P8: what a run adds to its steps, against one PostgreSQL transaction with the same rows. The action costs nothing. */
export async function runs(log: (line: string) => void): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-runs-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: join(folder, 'postgres'), log: () => undefined, throwaway: true });
  try {
    const measured: Measured[] = [];
    for (const size of sizes) {
      log(`${size * stepsPerRun} steps`);
      measured.push(await measure(await postgres.ensureDatabase(`runs_${size}`), size, postgres.pid));
    }
    return figuresOf(measured);
  } finally {
    await postgres.stop();
    removePostgres(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(url: string, size: number, postgresPid: number): Promise<Measured> {
  const steps = size * stepsPerRun;
  const watch = await connect(url);
  const world = await openRunWorld(url);
  const ids: string[] = [];
  for (let index = 0; index < size; index++) ids.push(await world.open(index));
  let transactions = 0;
  const ours = await timed(postgresPid, async () => {
    transactions = (await countTransactions(() => world.driveAll())) - world.looks();
  });
  await world.close();
  await createReference(watch);
  const rows: StepRows[] = [];
  for (const id of ids) rows.push(...(await rowsOf(watch, id, stepsPerRun)));
  const reference = await timed(postgresPid, () => writeAll(url, rows));
  await watch.end();
  return {
    ...{ steps, ours: ours.wall / steps, oursCpu: ours.cpu / steps, transactions: transactions / steps },
    ...{ reference: reference.wall / steps, referenceCpu: reference.cpu / steps },
  };
}

async function writeAll(url: string, rows: readonly StepRows[]): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: writers });
  const left = [...rows];
  const writer = async () => {
    const client = await pool.connect();
    for (let next = left.pop(); next; next = left.pop()) await writeRows(client, next);
    client.release();
  };
  await Promise.all(Array.from({ length: writers }, writer));
  await pool.end();
}

async function timed(postgresPid: number, work: () => Promise<void>): Promise<{ wall: number; cpu: number }> {
  const cpu = () => (cpuSeconds(process.pid) + familyCpuSeconds(postgresPid)) * 1_000;
  const [wall, used] = [performance.now(), cpu()];
  await work();
  return { wall: performance.now() - wall, cpu: cpu() - used };
}

function figuresOf(measured: readonly Measured[]): Figure[] {
  const what = 'one transaction with the same rows';
  const last = measured.at(-1)!;
  const perStep = measured.flatMap((one): Figure[] => [
    {
      ...{ id: 'P8', work: `a step of ${one.steps}, CPU with PostgreSQL's`, unit: 'ms', ours: one.oursCpu },
      ...{ reference: { what, value: one.referenceCpu }, reach: '', within: null },
    },
    {
      ...{ id: 'P8', work: `a step of ${one.steps}, ${writers} at a time`, unit: 'ms', ours: one.ours },
      ...{ reference: { what, value: one.reference }, reach: '', within: null },
    },
  ]);
  const rate = 1_000 / last.ours;
  const growth = exponent(measured.map(({ steps, oursCpu }) => ({ size: steps, cost: oursCpu * steps })));
  const alone = { id: 'P8', unit: '', reference: null } as const;
  return [
    ...perStep,
    { ...alone, work: 'steps a second', ours: rate, reach: '≥ 200', within: rate >= 200 },
    {
      ...{ ...alone, work: 'transactions a step', ours: last.transactions },
      ...{ reach: '≤ 10', within: last.transactions <= 10 },
    },
    { ...alone, work: "exponent of all steps' CPU", ours: growth, reach: '≤ 1.1', within: growth <= 1.1 },
  ];
}
