import type { z } from 'zod';
import type { FlagUsage } from '../../domain/flag/flag.ts';
import type { SdkFleet } from '../../domain/flag/usage.ts';
import type { PollMeter } from './poll-meter.ts';
import type { wireInstances, wireRawMetrics } from './wire.ts';

const hourMs = 3_600_000;
const seenWithinMs = 600_000;
const mostInstances = 50;

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
    const running = seen.filter((instance) => instance.lastSeen >= parts.wallNow - seenWithinMs);
    const instances = running.length;
    return {
      application,
      instances,
      registered: seen.length > 0,
      pollSeconds: parts.meter.seconds(application, instances),
      reportSeconds: parts.meter.reportSeconds(application, parts.environment),
      sdks: countSdks(running),
      ...counts(hour),
      previousHour: counts(hour - hourMs),
    };
  });
}

/** The instances of an application that were seen in the last 10 minutes, newest first. */
export function toFleet(parts: {
  application: string;
  environment: string;
  instances: z.infer<typeof wireInstances>['instances'];
  meter: Pick<PollMeter, 'seconds' | 'reportSeconds'>;
  wallNow: number;
}): SdkFleet {
  const { application, environment, meter } = parts;
  const seen = parts.instances
    .filter(({ lastSeen }) => lastSeen >= parts.wallNow - seenWithinMs)
    .sort((a, b) => b.lastSeen - a.lastSeen);
  return {
    application,
    environment,
    count: seen.length,
    sdks: countSdks(seen),
    instances: seen
      .slice(0, mostInstances)
      .map(({ instanceId, sdkVersion, lastSeen }) => ({ id: instanceId, sdk: sdkVersion ?? null, seenAt: lastSeen })),
    pollSeconds: meter.seconds(application, seen.length),
    reportSeconds: meter.reportSeconds(application, environment),
  };
}

function countSdks(instances: z.infer<typeof wireInstances>['instances']): Record<string, number> {
  const sdks: Record<string, number> = {};
  for (const { sdkVersion } of instances) sdks[sdkVersion ?? 'unknown'] = (sdks[sdkVersion ?? 'unknown'] ?? 0) + 1;
  return sdks;
}
