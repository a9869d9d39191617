import type { RawSeries } from '#simulator/google/monitoring/metric-source.ts';
import type { MinuteRecord } from './minute-record.ts';
import { uniform } from './random.ts';
import type { LiveService } from './seams.ts';
import type { VisibleAt } from './visibility.ts';

const chunkLength = 1440;
/** Points older than this (ms) are visible whatever their delay. */
const surelyVisible = 3_600_000;

/** How long the oldest job of each queue has waited, s: a gauge, read once a minute from the service that takes the jobs. */
export interface QueueAges {
  add(record: MinuteRecord): void;
  series(project: string): RawSeries[];
}

/**
 * Ages of the queues that `services` take their jobs from. A job that fails goes back: where all fail, or none is taken, the oldest is a
 * minute older each minute; where few fail it waits for seconds. Nobody takes from a `stuck` one.
 */
export function createQueueAges(
  services: LiveService[],
  visibleAt: VisibleAt,
  now: () => number,
  stuck: (queue: string, minute: number) => boolean = () => false,
): QueueAges {
  const queues = services.flatMap((service) => service.queues.map((queue) => createQueue(service, queue)));

  function createQueue({ id, target }: LiveService, queue: string) {
    const chunks = new Map<number, Float64Array>();
    const ageAt = (minute: number) =>
      chunks.get(Math.floor(minute / chunkLength))?.[minute % chunkLength] ?? Number.NaN;
    const key = `queue ${queue}`;
    const series: RawSeries = {
      metricLabels: { queue },
      resourceType: 'global',
      resourceLabels: { project_id: target.project },
      visit(after, until, visit) {
        const present = now();
        const last = Math.floor(Math.min(until, present) / 60_000) - 1;
        for (let minute = Math.floor(after / 60_000); minute <= last; minute++) {
          const age = ageAt(minute);
          const end = (minute + 1) * 60_000;
          if (Number.isNaN(age)) continue;
          if (present - end < surelyVisible && visibleAt(key, end) > present) continue;
          visit(end, age);
        }
      },
    };
    return {
      service: id,
      project: target.project,
      series,
      set({ minute, requests }: MinuteRecord) {
        const day = Math.floor(minute / chunkLength);
        const chunk = chunks.get(day) ?? new Float64Array(chunkLength).fill(Number.NaN);
        chunks.set(day, chunk);
        const taken = requests.reduce((sum, { count }) => sum + count, 0);
        const failed = requests.reduce((sum, { code, count }) => sum + (code >= 500 ? count : 0), 0);
        const before = ageAt(minute - 1);
        const waiting = taken === 0 || stuck(queue, minute) ? 1 : failed / taken;
        const age = 3 + 25 * uniform(key, minute) + waiting * (60 + (Number.isNaN(before) ? 0 : before));
        chunk[minute % chunkLength] = Math.round(age * 10) / 10;
      },
    };
  }

  return {
    add(record) {
      for (const queue of queues) if (queue.service === record.service) queue.set(record);
    },
    series: (project) => queues.filter((queue) => queue.project === project).map(({ series }) => series),
  };
}
