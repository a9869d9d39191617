import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPrometheus } from '../../test/support/prometheus.ts';
import { endProcess, waitUntil } from '../supervisor/child.ts';
import { freePort } from '../supervisor/free-port.ts';
import { root } from '../supervisor/process.ts';
import { cpuSeconds } from './process-cpu.ts';

const days = 3;
const intervalSeconds = 30;
/** Whole rounds of all rules that are measured. */
const rounds = 2;

/**
 * CPU ms of a real Prometheus 2 for one evaluation of the recording and alert rules of one SLO, as `slo export --to prometheus`
 * writes them: measured on `slos` SLOs with a pair of series each and three days of minutes. Null where there is no Prometheus 2.
 */
export async function ruleCost(slos: number): Promise<number | null> {
  const programs = findPrometheus();
  if (!programs) return null;
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-bench-rules-'));
  try {
    writeFileSync(join(folder, 'rules.yaml'), exportedRules(folder, slos));
    writeFileSync(
      join(folder, 'prometheus.yml'),
      `global: { evaluation_interval: ${intervalSeconds}s }\nrule_files: [rules.yaml]\nscrape_configs: []\n`,
    );
    writeFileSync(join(folder, 'samples.om'), samples(slos));
    const data = join(folder, 'data');
    const blocks = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', join(folder, 'samples.om'), data];
    execFileSync(programs.promtool, blocks, { stdio: 'pipe' });
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      programs.prometheus,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=${address}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    try {
      // Each group has its own moment within the interval: all have had theirs once after one interval.
      if (!(await waitUntil(async () => (await iterations(address)) >= slos, 120_000)))
        throw new Error('Prometheus did not evaluate its rules within two minutes.');
      const [before, cpu] = [await iterations(address), cpuSeconds(child.pid!)];
      await sleep(rounds * intervalSeconds * 1_000);
      const [after, used] = [await iterations(address), cpuSeconds(child.pid!) - cpu];
      return (used * 1_000) / (after - before);
    } finally {
      await endProcess(child.pid!, 'SIGTERM', 10_000);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Evaluations so far of the groups that a cycle is compared with; the budget's own, every 5 minutes, are left out. */
async function iterations(address: string): Promise<number> {
  const answer = await fetch(`http://${address}/metrics`).catch(() => null);
  const text = (await answer?.text()) ?? '';
  const lines = text.matchAll(/^prometheus_rule_group_iterations_total\{rule_group="[^"]*slo-s\d+"\} (\d+)/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

function exportedRules(folder: string, slos: number): string {
  const catalog = join(folder, 'catalog');
  mkdirSync(catalog);
  cpSync(join(root, 'alerts', 'burn-profiles.yaml'), join(catalog, 'burn-profiles.yaml'));
  writeFileSync(join(catalog, 'slos.yaml'), Array.from({ length: slos }, (_, index) => slo(index)).join('---\n'));
  const script = join(root, 'cli', 'firebreak.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, 'slo', 'export', catalog, '--to', 'prometheus'];
  return execFileSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 100_000_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function slo(index: number): string {
  const source = (code: string) =>
    `{ metricSource: { type: Prometheus, spec: { selector: 'requests_total{slo="${index}"${code}}' } } }`;
  return `apiVersion: openslo/v1
kind: SLO
metadata:
  name: s${index}
  annotations: { firebreak.dev/burn-profile: default }
spec:
  service: one
  indicator:
    metadata: { name: s${index} }
    spec:
      ratioMetric:
        counter: true
        bad: ${source(',code="5xx"')}
        total: ${source('')}
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Occurrences
  objectives: [{ displayName: one, target: 0.999 }]
`;
}

/** Two counters of each SLO, a reading a minute up to now. */
function samples(slos: number): string {
  const end = Math.floor(Date.now() / 60_000) * 60;
  const lines = ['# TYPE requests counter'];
  for (let index = 0; index < slos; index++)
    for (const [code, step] of [
      ['2xx', 1_000],
      ['5xx', 1],
    ] as const)
      for (let minute = 0; minute <= days * 1_440; minute++)
        lines.push(
          `requests_total{slo="${index}",code="${code}"} ${minute * step} ${end - (days * 1_440 - minute) * 60}`,
        );
  return `${lines.join('\n')}\n# EOF\n`;
}
