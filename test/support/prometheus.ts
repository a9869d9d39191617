import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '#scripts/supervisor/free-port.ts';
import { debianPrometheus } from './debian-prometheus.ts';

/** The two programs of a Prometheus. */
export interface Programs {
  prometheus: string;
  promtool: string;
}

/**
 * Where `prometheus` and `promtool` of version 2 are: on this machine, else of Debian's package. Null where there is neither, which is
 * said out loud. Prometheus 3 leaves the start of a window out and stretches what is left, so that only version 2 counts what lies
 * between two readings exactly.
 */
export function findPrometheus(): Programs | null {
  const installed = programsIn((process.env.PATH ?? '').split(delimiter));
  if (installed) return installed;
  const debian = debianPrometheus();
  const found = 'folder' in debian ? programsIn([debian.folder]) : null;
  if (!found) {
    const why = 'why' in debian ? debian.why : "Debian's is not version 2";
    console.warn(`skipped: Prometheus 2 is not on this machine, and could not be fetched (${why}).`);
  }
  return found;
}

function programsIn(folders: readonly string[]): Programs | null {
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const [prometheus, promtool] = [find('prometheus'), find('promtool')];
  if (!prometheus || !promtool) return null;
  const version = execFileSync(prometheus, ['--version'], { encoding: 'utf8' });
  return /version 2\./.test(version) ? { prometheus, promtool } : null;
}

/** A Prometheus that holds the samples of an OpenMetrics text and scrapes nothing. */
export interface Prometheus {
  url: string;
  /** Values of a query by instant (ms), from `from` to `until` (Unix seconds), a minute apart. */
  range(query: string, from: number, until: number): Promise<Map<number, number>>;
  stop(): Promise<void>;
}

/** Starts a Prometheus on a free port of this machine; throws when it is not ready within half a minute. */
export async function startPrometheus({ prometheus, promtool }: Programs, samples: string): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-prometheus-'));
  const [text, config, data] = ['samples.om', 'prometheus.yml', 'data'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(text, samples);
  writeFileSync(config, 'scrape_configs: []\n');
  execFileSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', text, data], { stdio: 'pipe' });
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [`--config.file=${config}`, `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=100y'];
  const child = spawn(prometheus, [...flags, `--web.listen-address=${address}`, '--log.level=error'], {
    stdio: 'ignore',
  });
  await ready(`http://${address}/-/ready`);
  return {
    url: `http://${address}`,
    async range(query, from, until) {
      const search = new URLSearchParams({ query, start: `${from}`, end: `${until}`, step: '60' });
      const response = await fetch(`http://${address}/api/v1/query_range?${search}`);
      const answer = (await response.json()) as { data: { result: { values: [number, string][] }[] } };
      const values = answer.data.result[0]?.values ?? [];
      return new Map(values.map(([seconds, value]) => [seconds * 1000, Number(value)]));
    },
    async stop() {
      await stopped(child);
      rmSync(folder, { recursive: true });
    },
  };
}

async function ready(url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const ok = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Prometheus was not ready within 30 s.');
}

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
