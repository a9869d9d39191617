import type { MonitoringRead } from '#app/clients/cloud-monitoring/port.ts';
import { minuteMs } from '#app/domain/slo/series.ts';

/**
 * Requests by revision as Cloud Monitoring would give them, of the revisions that `shares` (percent) says have traffic: what
 * `load` says each of them gets in a minute.
 */
export function countsByRevision(
  shares: () => Promise<Record<string, number>>,
  load: (revision: string, percent: number) => { total: number; bad: number },
): MonitoringRead['counts'] {
  return async ({ from, to, filter }) => {
    const ends = Array.from({ length: Math.max(0, (to - from) / minuteMs) }, (_, i) => from + (i + 1) * minuteMs);
    return Object.entries(await shares()).map(([revision, percent]) => {
      const { total, bad } = load(revision, percent);
      const value = filter.includes('5xx') ? bad : total;
      return { labels: { revision_name: revision }, points: ends.map((end) => ({ end, value })) };
    });
  };
}
