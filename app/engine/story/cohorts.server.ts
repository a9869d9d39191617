import type { MonitoringRead } from '../../clients/cloud-monitoring/port.ts';
import type { Cohorts } from '../../domain/change/change.ts';
import type { FlagDeclaration } from '../../domain/flag/flag.ts';

/** Events with the flag on and off over (from, to], from the cohort metric that the flag declares; null without one or without events. */
export async function readCohorts(
  monitoring: MonitoringRead,
  flag: FlagDeclaration,
  range: { from: number; to: number; signal?: AbortSignal },
): Promise<Cohorts | null> {
  if (!flag.cohort) return null;
  const series = await monitoring.counts({
    ...flag.cohort,
    ...range,
    periodSeconds: 60,
    groupBy: ['metric.label.enabled', 'metric.label.response_code_class'],
  });
  const cohorts: Cohorts = {
    with: { bad: 0, total: 0 },
    without: { bad: 0, total: 0 },
    from: range.from,
    to: range.to,
  };
  for (const { labels, points } of series) {
    const side = labels.enabled === 'true' ? cohorts.with : cohorts.without;
    const count = points.reduce((sum, { value }) => sum + value, 0);
    side.total += count;
    if (labels.response_code_class === '5xx') side.bad += count;
  }
  return cohorts.with.total + cohorts.without.total > 0 ? cohorts : null;
}
