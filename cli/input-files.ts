import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  type CounterSeries,
  type OpenMetrics,
  openMetricsReader,
  seriesKey,
  type Wanted,
} from '#app/domain/openmetrics/reader.ts';
import { appendAll } from '#app/domain/openmetrics/samples.ts';
import { type Alerts, readAlerts } from '#app/domain/openslo/alerts.ts';
import { fileReach } from '#app/domain/openslo/reach.ts';
import type { Problem } from '#app/domain/runbook/runbook.ts';
import { readYaml } from '#app/domain/yaml/document.ts';
import type { Terminal } from './command.ts';

const maxBytes = 8 * 1024 * 1024;

/**
 * Where a file that a person named lies: npm runs scripts in the project's folder, and says in INIT_CWD where the person
 * stands.
 */
export function placeOf(file: string, { env }: Pick<Terminal, 'env'>): string {
  const here = resolve(file);
  return !existsSync(here) && env.INIT_CWD ? resolve(env.INIT_CWD, file) : here;
}

/** Reads OpenSLO files together, as far as a file alone reaches. A file that cannot be read is a problem. */
export async function readSloFiles(files: readonly string[], terminal: Terminal): Promise<Alerts> {
  const problems: Problem[] = [];
  const documents = [];
  for (const file of files) {
    try {
      const bytes = await readFile(placeOf(file, terminal));
      if (bytes.length > maxBytes) throw new Error(`it has over ${maxBytes / 1024 / 1024} MB`);
      const read = readYaml(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file);
      documents.push(...read.documents);
      problems.push(...read.problems);
    } catch (error) {
      problems.push(unreadable(file, error));
    }
  }
  const alerts = readAlerts(documents, fileReach);
  return { ...alerts, problems: [...problems, ...alerts.problems] };
}

/** Reads OpenMetrics files as one: the counters and gauges that are wanted, and what is wrong. */
export async function readSampleFiles(
  files: readonly string[],
  wanted: Wanted,
  terminal: Terminal,
): Promise<OpenMetrics> {
  const all: OpenMetrics = { series: [], names: new Set(), problems: [] };
  const names = new Set<string>();
  const bySeries = new Map<string, CounterSeries>();
  for (const file of files) {
    const reader = openMetricsReader(file, wanted);
    try {
      const stream = createReadStream(placeOf(file, terminal), { encoding: 'utf8', highWaterMark: 1 << 20 });
      for await (const chunk of stream) if (!reader.push(chunk as string)) break;
      const read = reader.end();
      for (const one of read.series) mergeSeries(all.series, bySeries, one);
      all.problems.push(...read.problems);
      for (const name of read.names) names.add(name);
    } catch (error) {
      all.problems.push(unreadable(file, error));
    }
  }
  return { ...all, names };
}

/** A series that goes on in another file is still one: its readings are put together, and none counts twice. */
function mergeSeries(all: CounterSeries[], bySeries: Map<string, CounterSeries>, one: CounterSeries): void {
  const key = seriesKey(one.name, one.labels);
  const known = bySeries.get(key);
  if (!known) {
    bySeries.set(key, one);
    all.push(one);
    return;
  }
  appendAll(known.samples, one.samples);
  known.created.push(...one.created);
}

/** Why a file cannot be read, as a problem of it. */
export function unreadable(file: string, error: unknown): Problem {
  const { code, message } = error as { code?: string; message: string };
  const why: Record<string, string> = {
    ENOENT: 'There is no such file.',
    EISDIR: 'This is a folder, not a file.',
    EACCES: 'The file may not be read.',
    ERR_ENCODING_INVALID_ENCODED_DATA: 'The file is not UTF-8 text.',
  };
  const text = (code && why[code]) ?? `The file cannot be read: ${message}.`;
  return { file, line: 1, column: 1, severity: 'error', message: text, hint: null };
}
