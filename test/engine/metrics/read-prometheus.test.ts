import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#app/domain/slo/series.ts';
import { type CountedPiece, createPrometheusReader } from '#app/engine/metrics/read-prometheus.server.ts';
import { countedSides } from '../../domain/prometheus/counted-sides.ts';
import { anSlo, monday } from '../../domain/slo/make.ts';
import { fakePrometheus } from './fake-prometheus.ts';

const now = monday + 10 * hourMs;
const jobs = Array.from({ length: 300 }, (_, at) => `job-${at}`);

test('when a counter comes, only it is picked, and only for SLOs that ask for its values', async () => {
  const source = fakePrometheus();
  const put = (job: string, code: string, at: number) =>
    source.put('x_total', { job, code }, at, (at - now) / minuteMs + 10);
  for (const job of jobs) for (let at = now - 5 * minuteMs; at <= now; at += minuteMs) put(job, '200', at);
  const tried = { matchers: 0 };
  const batch = {
    kind: 'prometheus' as const,
    key: 'x',
    source: 'shop',
    url: 'http://prometheus:9090',
    slos: jobs.map((id) => anSlo({ id })),
    selectors: ['x_total'],
    sides: new Map(
      jobs.map((job) => [job, countedSides(`x_total{job="${job}"}`, `x_total{job="${job}",code=~"5.."}`, tried).sides]),
    ),
  };
  const reader = createPrometheusReader(source.read);
  const read = async (from: number, to: number, slos = batch.slos) => {
    const pieces: CountedPiece[] = [];
    for await (const piece of reader.minutes({ ...batch, slos }, { from, to })) pieces.push(piece);
    return pieces.at(-1)!.bySlo;
  };
  await read(now - minuteMs, now);
  expect(tried.matchers).toBeLessThanOrEqual(jobs.length * 5);

  tried.matchers = 0;
  for (const job of jobs) put(job, '200', now + minuteMs);
  await read(now, now + minuteMs);
  expect(tried.matchers).toBe(0);

  put('job-7', '503', now + 2 * minuteMs);
  for (const job of jobs) put(job, '200', now + 2 * minuteMs);
  const counts = await read(now + minuteMs, now + 2 * minuteMs);
  expect(tried.matchers).toBeLessThanOrEqual(5);
  expect(counts.get('job-7')?.get(now + 2 * minuteMs)).toMatchObject({ bad: 12, total: 13 });
  expect(counts.get('job-8')?.get(now + 2 * minuteMs)).toMatchObject({ bad: 0, total: 1 });

  // Another plan of the same SLOs may ask for other counters.
  tried.matchers = 0;
  await read(now + 2 * minuteMs, now + 3 * minuteMs, [...batch.slos]);
  expect(tried.matchers).toBeGreaterThan(0);
});
