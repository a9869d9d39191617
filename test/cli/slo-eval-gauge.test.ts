import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { monday } from '../domain/slo/make.ts';
import { firebreak } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'firebreak-gauge-'));
afterAll(() => rmSync(folder, { recursive: true }));

const slo = (window = '5m', share = 0.8) => `apiVersion: openslo/v1
kind: SLO
metadata: { name: queue }
spec:
  service: worker
  indicator:
    spec:
      thresholdMetric: { metricSource: { type: Prometheus, spec: { selector: 'oldest_job_age_seconds{queue="render"}' } } }
  timeWindow: [{ duration: 30d, isRolling: true }]
  budgetingMethod: Timeslices
  objectives:
    - { op: lte, value: 600, target: 0.9, timeSliceTarget: ${share}, timeSliceWindow: ${window} }
`;

/** Readings `[second, value, worker]` after Monday. */
function samples(readings: [number, number | string, string?][], type = 'gauge', labels = 'queue="render"'): string {
  const lines = readings.map(
    ([second, value, worker = 'w1']) =>
      `oldest_job_age_seconds{${labels},worker="${worker}"} ${value} ${monday / 1000 + second}`,
  );
  return `# TYPE oldest_job_age_seconds ${type}\n${lines.join('\n')}\n# EOF\n`;
}

async function evaluate(file: string, text: string, minute: number) {
  writeFileSync(join(folder, 'slo.yaml'), file);
  writeFileSync(join(folder, 'samples.om'), text);
  const at = String(monday / 1000 + minute * 60);
  const args = [
    '--slo',
    join(folder, 'slo.yaml'),
    '--samples',
    join(folder, 'samples.om'),
    '--from',
    at,
    '--until',
    at,
  ];
  const answer = await firebreak(['slo', 'eval', ...args, '--json']);
  return { ...answer, line: answer.out === '' ? null : JSON.parse(answer.out) };
}

test('a minute goes by its last reading, the worst of all series, and is unknown without one', async () => {
  const text = samples([
    [30, 9_000],
    [60, 600],
    [90, 10],
    [90, 601, 'w2'],
    [240, 5],
    [250, 'NaN'],
  ]);
  const { line, err } = await evaluate(slo('1m', 1), text, 5);
  expect(err).toBe('');
  // Minute 1 is good at its end, minute 2 bad by the second worker, minute 4 good, 3 and 5 unknown.
  expect(line.windows['5m']).toEqual({ bad: 1, total: 3, burn: 1 / 3 / (1 - 0.9), coverage: 0.6 });
  expect(line.period).toMatchObject({ bad: 1, total: 3 });
});

test('a slice is bad when too few of its known minutes are good, and unknown without any', async () => {
  const minutes = [...Array.from({ length: 10 }, (_, i) => i + 1), 16, 17, 18, 19, 20];
  const bad = [1, 6, 7];
  const { line } = await evaluate(slo(), samples(minutes.map((at) => [at * 60, bad.includes(at) ? 700 : 30])), 20);
  expect(line.windows['30m']).toMatchObject({ bad: 1, total: 3, coverage: 0.5 });
});

test('a negative value is a value of a gauge', async () => {
  const { line, err } = await evaluate(slo('1m', 1), samples([[60, -5]]), 1);
  expect(err).toBe('');
  expect(line.windows['5m']).toMatchObject({ bad: 0, total: 1 });
});

test.each([
  ['counter', 'queue="render"', '"oldest_job_age_seconds" is a counter, and a thresholdMetric reads gauges.', 1],
  ['gauge', 'queue="voice"', 'queue: no gauge in the samples is "oldest_job_age_seconds{queue="render"}".', 0],
])('samples of a %s with %s: %s', async (type, labels, message, code) => {
  const { err, code: ended } = await evaluate(slo(), samples([[60, 5]], type, labels), 1);
  expect(err).toContain(message);
  expect(ended).toBe(code);
});

test('lint finds a selector without a gauge', async () => {
  writeFileSync(join(folder, 'slo.yaml'), slo());
  writeFileSync(join(folder, 'samples.om'), samples([[60, 5]], 'gauge', 'queue="voice"'));
  const { out, err } = await firebreak([
    'slo',
    'lint',
    join(folder, 'slo.yaml'),
    '--samples',
    join(folder, 'samples.om'),
  ]);
  expect(out + err).toContain('No series of oldest_job_age_seconds has these labels.');
});
