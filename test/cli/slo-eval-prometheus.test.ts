import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { windowMinutes, windowNames } from '#app/domain/slo/slo.ts';
import { prometheusSlo } from '../domain/openslo/documents.ts';
import { monday, seeded } from '../domain/slo/make.ts';
import { findPrometheus, type Prometheus, startPrometheus } from '../support/prometheus.ts';
import { firebreak } from './terminal.ts';

const found = findPrometheus();
const minutes = 4 * 1440;
const [start, end] = [monday / 1000, monday / 1000 + minutes * 60];
const bad = 'http_requests_total{code=~"5..|429"}';

/** Three pods with uneven traffic, restarts, nights without a request, and stretches in which one or all are not read. */
function world(seed: number): { text: string; read: Set<number> } {
  const random = seeded(seed);
  const [lines, read] = [['# TYPE http_requests counter'], new Set<number>()];
  for (const pod of ['a', 'b', 'c']) {
    const value: Record<string, number> = { 200: 5e9 * random(), 429: 100 * random(), 503: 0 };
    for (const code of Object.keys(value)) value[code] = Math.floor(value[code]!);
    const gone = Array.from({ length: 6 }, () => Math.floor(random() * minutes));
    for (let minute = 0; minute <= minutes; minute++) {
      if (random() < 0.002) for (const code of Object.keys(value)) value[code] = Math.floor(random() * 3);
      const night = minute % 1440 > 1200 && minute % 1440 < 1320;
      for (const code of Object.keys(value))
        if (!night) value[code]! += Math.floor(random() * (code === '200' ? 5000 : minute % 700 < 60 ? 90 : 3));
      const blind = [1000, 3000, 5500].some((from) => minute > from && minute < from + 25);
      if (blind || gone.some((from) => minute > from && minute < from + 9)) continue;
      read.add((start + minute * 60) * 1000);
      for (const code of Object.keys(value))
        lines.push(`http_requests_total{pod="${pod}",code="${code}"} ${value[code]} ${start + minute * 60}`);
    }
  }
  // Only instants at which every pod was read: elsewhere Prometheus guesses on to the edges of a window.
  const times = new Map<number, number>();
  for (const line of lines.slice(1)) {
    const at = Number(line.split(' ')[2]) * 1000;
    times.set(at, (times.get(at) ?? 0) + 1);
  }
  const whole = new Set([...times].filter(([, count]) => count === 9).map(([at]) => at));
  return { text: `${sorted(lines)}\n# EOF\n`, read: whole };
}

/** OpenMetrics wants the readings of a series together. */
function sorted([head, ...lines]: string[]): string {
  return [
    head,
    ...lines.sort((a, b) => (a.split(' ')[0]! < b.split(' ')[0]! ? -1 : a.split(' ')[0]! > b.split(' ')[0]! ? 1 : 0)),
  ].join('\n');
}

describe.skipIf(!found)(found ? 'the same as a real Prometheus' : 'skipped: there is no Prometheus 2', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-equal-'));
  const { text, read } = world(7);
  let prometheus: Prometheus;
  beforeAll(async () => {
    prometheus = await startPrometheus(found!, text);
  }, 60_000);
  afterAll(async () => {
    await prometheus?.stop();
    rmSync(folder, { recursive: true });
  });

  test('every window, within 1e-9, wherever it begins and ends with a reading', async () => {
    const [slo, samples] = [join(folder, 'slo.yaml'), join(folder, 'samples.om')];
    writeFileSync(slo, prometheusSlo('http_requests_total{code=~"5.."}', bad));
    writeFileSync(samples, text);
    const from = end - 6 * 3600;
    const answer = await firebreak([
      'slo',
      'eval',
      '--slo',
      slo,
      '--samples',
      samples,
      '--from',
      `${from}`,
      '--until',
      `${end}`,
      '--json',
    ]);
    expect(answer).toMatchObject({ code: 0, err: '' });
    const lines = answer.out.split('\n').map((line) => JSON.parse(line));
    let [compared, quiet] = [0, 0];
    for (const name of windowNames) {
      const increase = (selector: string) => prometheus.range(`sum(increase(${selector}[${name}]))`, from, end);
      const [bads, totals] = [await increase(bad), await increase('http_requests_total')];
      const ratio = await prometheus.range(
        `sum(rate(${bad}[${name}])) / sum(rate(http_requests_total[${name}])) / 0.001`,
        from,
        end,
      );
      for (const line of lines) {
        const at = Date.parse(line.at);
        if (!read.has(at) || !read.has(at - windowMinutes[name] * 60_000)) continue;
        const ours = line.windows[name];
        near(ours.bad, bads.get(at));
        near(ours.total, totals.get(at));
        if (ours.burn === null) {
          expect(ratio.get(at)).toBeNaN();
          quiet += 1;
        } else near(ours.burn, ratio.get(at), 1e-9);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(1500);
    expect(quiet).toBeGreaterThan(50);
  });
});

function near(ours: number, theirs: number | undefined, relative = 1e-9): void {
  expect(Math.abs(ours - theirs!)).toBeLessThanOrEqual(relative * Math.max(1, Math.abs(theirs!)));
}
