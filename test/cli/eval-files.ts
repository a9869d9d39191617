import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { monday } from '../domain/slo/make.ts';
import { firebreak } from './terminal.ts';

/** Where the test's files lie; gone after them. */
export const folder = mkdtempSync(join(tmpdir(), 'firebreak-eval-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** Writes a file of the test's; its path. */
export function file(text: string, ending = 'yaml'): string {
  files += 1;
  const path = join(folder, `f${files}.${ending}`);
  writeFileSync(path, text);
  return path;
}

/** Unix seconds of a minute after Monday. */
export const s = (minute: number) => monday / 1000 + minute * 60;

/** Counters from `from` to `to` minutes around Monday; `bad` and `total` say what each minute adds, null leaves it out. */
export function counters(
  from: number,
  to: number,
  add: (minute: number) => { bad: number; total: number } | null,
): string {
  const lines = ['# TYPE http_requests counter'];
  const sum = { bad: 7000, good: 900_000 };
  for (let minute = from; minute <= to; minute++) {
    const now = minute === from ? { bad: 0, total: 0 } : add(minute);
    if (!now) continue;
    sum.bad += now.bad;
    sum.good += now.total - now.bad;
    lines.push(`http_requests_total{code="200"} ${sum.good} ${s(minute)}`);
    lines.push(`http_requests_total{code="503"} ${sum.bad} ${s(minute)}`);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

interface Line {
  at: string;
  slo: string;
  objective?: number;
  windows: Record<string, { bad: number; total: number; burn: number | null; coverage: number }>;
  period: { bad: number; total: number; budgetRemaining: number | null; coverage: number };
  alert: { state: string; tier: string | null };
}

/** What `slo eval` says of an SLO by these samples, from one minute to another. */
export async function evaluate(slo: string, samples: string, from: number, until: number, ...more: string[]) {
  const args = [
    '--slo',
    file(slo),
    '--samples',
    file(samples, 'om'),
    '--from',
    String(s(from)),
    '--until',
    String(s(until)),
  ];
  const answer = await firebreak(['slo', 'eval', ...args, '--json', ...more]);
  const lines = answer.out === '' ? [] : answer.out.split('\n').map((line) => JSON.parse(line) as Line);
  return { ...answer, lines };
}

/** A minute without failures. */
export const calm = () => ({ bad: 0, total: 1000 });
