import { InMemStorageProvider, Unleash } from 'unleash-client';
import { createImpactCounts } from './impact-counts.ts';
import type { FlagCell } from './minute-record.ts';
import type { LiveService } from './seams.ts';

/** The real Unleash SDKs inside one simulated service. */
export interface SdkFleet {
  /** Asks the next instance about every flag of the service for one person; null while no instance has heard from Unleash. */
  evaluate(userId: string): ReadonlySet<string> | null;
  /** Counts the requests of a minute as impact metrics, with what the flags answered for them. */
  count(cells: readonly FlagCell[]): void;
  /** Starts the instances, with poll and report intervals scaled to the clock; other intervals replace them under their old names. */
  setSpeed(speed: number): void;
  stats(): {
    instances: number;
    synchronized: number;
    evaluations: number;
    refreshMs: number;
    lastError: string | null;
  };
  stop(): void;
}

/** As SDKs poll and report in production: every 15 s, and every 10 s for usage. */
const refreshInterval = 15_000;
const metricsInterval = 10_000;
/** However fast the clock, no instance asks Unleash more often than this. */
const fastest = 250;

/** Two instances that serve requests and one that works in the background, each its own SDK. */
export function createSdkFleet(service: LiveService, unleashUrl: string, token: string): SdkFleet {
  const impact = createImpactCounts(service.flags);
  const names = service.flags.map((flag) => flag.name);
  const instances = [
    { appName: service.id, instanceId: `${service.id}-1` },
    { appName: service.id, instanceId: `${service.id}-2` },
    { appName: `${service.id}-batch`, instanceId: `${service.id}-batch-1` },
  ];
  let lastError: string | null = null;
  let evaluations = 0;
  let turn = 0;
  let refresh = refreshInterval;
  let current: Unleash[] = [];
  let coming: Unleash[] = [];
  let stopped = false;

  const start = (refreshMs: number, metricsMs: number) => {
    const next = instances.map(({ appName, instanceId }) => {
      const sdk = new Unleash({
        url: `${unleashUrl}/api`,
        appName,
        instanceId,
        environment: 'production',
        refreshInterval: refreshMs,
        metricsInterval: metricsMs,
        customHeaders: { Authorization: token },
        storageProvider: new InMemStorageProvider(),
        skipInstanceCountWarning: true,
      });
      sdk.on('error', (error: Error) => {
        lastError = error.message;
      });
      impact.define(sdk);
      return sdk;
    });
    // The old instances answer until the new ones know the flags: a change of speed is not a gap.
    for (const one of coming) one.destroy();
    coming = next;
    let waiting = next.length;
    for (const sdk of next)
      sdk.once('synchronized', () => {
        waiting--;
        if (waiting > 0 || coming !== next) return;
        for (const old of current) void old.flushMetrics().finally(() => old.destroy());
        current = next;
        coming = [];
        refresh = refreshMs;
      });
  };
  const scaled = (interval: number, speed: number) => Math.max(fastest, Math.round(interval / Math.max(speed, 0.001)));
  let intervals = '';

  return {
    evaluate(userId) {
      if (current.length === 0) return null;
      const sdk = current[turn++ % current.length]!;
      evaluations++;
      const on = new Set(names.filter((name) => sdk.isEnabled(name, { userId })));
      impact.saw(userId, on);
      return on;
    },
    count(cells) {
      if (current.length > 0) impact.add(current[turn % current.length]!, cells);
    },
    setSpeed(speed) {
      // A clock that stands still polls as in production: people may still turn flags.
      const wanted = speed > 0 ? speed : 1;
      const [refreshMs, metricsMs] = [scaled(refreshInterval, wanted), scaled(metricsInterval, wanted)];
      if (intervals === `${refreshMs} ${metricsMs}` || stopped) return;
      intervals = `${refreshMs} ${metricsMs}`;
      start(refreshMs, metricsMs);
    },
    stats: () => ({
      instances: instances.length,
      synchronized: current.filter((sdk) => sdk.isSynchronized()).length,
      evaluations,
      refreshMs: refresh,
      lastError,
    }),
    stop() {
      stopped = true;
      for (const sdk of [...current, ...coming]) sdk.destroy();
      coming = [];
    },
  };
}
