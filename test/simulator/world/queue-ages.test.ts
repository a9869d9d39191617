import { describe, expect, test } from 'vitest';
import type { LiveService } from '#simulator/world/seams.ts';
import { createSeriesStore } from '#simulator/world/series-store.ts';
import { shop } from '../support/studio.ts';

const minute = 29_000_000;
const worker: LiveService = { ...shop, queues: ['jobs'] };

/** Ages of the queue after minutes in which `failed` of 100 jobs failed; null takes no job. */
function ages(...failed: (number | null)[]): number[] {
  return agesWith(() => false, failed);
}

function agesWith(stuck: (queue: string, minute: number) => boolean, failed: (number | null)[]): number[] {
  const now = (minute + failed.length + 200) * 60_000;
  const store = createSeriesStore(
    [worker],
    () => 0,
    () => now,
    stuck,
  );
  for (const [at, bad] of failed.entries()) {
    const cell = (code: number, count: number) => ({
      revision: 'r',
      code,
      count,
      latencySum: count,
      latency: [count, ...new Array(18).fill(0)],
    });
    const requests = bad === null ? [] : [cell(200, 100 - bad), cell(503, bad)];
    store.add({ service: worker.id, minute: minute + at, requests, flags: [], failures: [] });
  }
  const seen: number[] = [];
  for (const series of store.series(worker.target.project, 'custom.googleapis.com/queue/oldest_job_age'))
    series.visit(0, now, (_, value) => seen.push(value as number));
  return seen;
}

describe('the oldest job of a queue', () => {
  test('waits seconds while jobs end well, and less than a minute longer while few fail', () => {
    expect(Math.max(...ages(...new Array(300).fill(1)))).toBeLessThan(30);
    expect(Math.max(...ages(...new Array(300).fill(20)))).toBeLessThan(60);
  });

  test('is a minute older each minute while all fail, or none is taken, and gone when they end well again', () => {
    const [first, ...more] = ages(0, 100, 100, 100, null, null, 0);
    expect(first).toBeLessThan(30);
    for (const [at, age] of more.slice(0, 5).entries()) expect(age).toBeGreaterThan(60 * (at + 1));
    expect(more.at(-1)).toBeLessThan(30);
  });

  test('is a minute older each minute while the queue is stuck, however well other jobs end', () => {
    const seen = agesWith((queue, at) => queue === 'jobs' && at > minute && at < minute + 4, new Array(5).fill(0));
    expect(seen[3]).toBeGreaterThan(180);
    expect([seen[0]! < 30, seen[4]! < 30]).toEqual([true, true]);
  });

  test('has a point at 0 too, for whoever has no queue there is no series', () => {
    expect(ages(0, 0, 0)).toHaveLength(3);
    const store = createSeriesStore(
      [shop],
      () => 0,
      () => 0,
    );
    expect(store.series(shop.target.project, 'custom.googleapis.com/queue/oldest_job_age')).toEqual([]);
  });
});
