import type { z } from 'zod';
import type { FlagUsage } from '../../domain/flag/flag.ts';
import type { PollMeter } from './poll-meter.ts';
import type { wireInstances, wireRawMetrics } from './wire.ts';

const hourMs = 3_600_000;
const seenWithinMs = 600_000;

/** What a usage answer is put together from. `wallNow` and all times are on the wall clock. */
export interface UsageParts {
  metrics: z.infer<typeof wireRawMetrics>;
  /** By application. */
  instances: Record<string, z.infer<typeof wireInstances>>;
  meter: Pick<PollMeter, 'seconds' | 'reportSeconds'>;
  environment: string;
  wallNow: number;
}

/** Applications that evaluated the flag in an environment, by name. */
export function applicationsIn(metrics: z.infer<typeof wireRawMetrics>, environment: string): string[] {
  const names = metrics.data.filter((row) => row.environment === environment).map((row) => row.appName);
  return [...new Set(names)].sort();
}

/**
 * Usage per application: counts of the running clock hour and of the hour before (a late report still lands there),
 * instances seen in the last 10 minutes, and the intervals of polls and reports in data seconds.
 */
export function toUsage(parts: UsageParts): FlagUsage[] {
  const hour = Math.floor(parts.wallNow / hourMs) * hourMs;
  return applicationsIn(parts.metrics, parts.environment).map((application) => {
    const counts = (at: number) => {
      const row = parts.metrics.data.find(
        (one) => one.appName === application && one.environment === parts.environment && one.timestamp === at,
      );
      return { yes: row?.yes ?? 0, no: row?.no ?? 0, hour: at };
    };
    const seen = parts.instances[application]?.instances ?? [];
    const instances = seen.filter((instance) => instance.lastSeen >= parts.wallNow - seenWithinMs).length;
    return {
      application,
      instances,
      pollSeconds: parts.meter.seconds(application, instances),
      reportSeconds: parts.meter.reportSeconds(application, parts.environment),
      ...counts(hour),
      previousHour: counts(hour - hourMs),
    };
  });
}
