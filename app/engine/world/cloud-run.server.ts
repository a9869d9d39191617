import type { CloudRunRead, CloudRunRevision, CloudRunService, ObservedService } from '../../clients/cloud-run/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { type ObservedTraffic, revisionChanges } from '../../domain/service/cloud-run-observed.ts';
import { pinned } from '../../domain/service/traffic.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { ChangeStore, ObservationStore } from '../../stores/stores.ts';
import type { Task } from '../loop.server.ts';

/** After a longer pause between two looks (data ms) nobody knows when within it something changed. */
const longPause = 60_000;

/** Every Cloud Run service of the catalog every 15 s: state, revisions, and the changes that two observations reveal. */
export function cloudRunTask(deps: {
  cloudRun: CloudRunRead;
  observations: ObservationStore;
  changes: ChangeStore;
  catalog: () => Promise<Catalog | null>;
  clock: Clock;
  notify: Notify;
}): Task {
  return {
    name: 'poll-cloud-run',
    everyMs: 15_000,
    async run(signal) {
      const services = (await deps.catalog())?.services.filter(({ cloudRun }) => cloudRun !== null) ?? [];
      await Promise.all(
        services.map(async ({ id, cloudRun }) => {
          if (!cloudRun) return;
          const key = `service/${id}`;
          const now = deps.clock.now();
          try {
            const [service, revisions] = await Promise.all([
              deps.cloudRun.service(cloudRun, signal),
              deps.cloudRun.revisions(cloudRun, signal),
            ]);
            const { value: before, at: lookedAt } = await deps.observations.get<ObservedService>('cloud-run', key);
            await record(id, before, service, revisions, now);
            const observed: ObservedService = {
              service,
              revisions,
              ...pinning(service, before, lookedAt, now),
              carriedAll: carried(before?.carriedAll ?? {}, service, now),
            };
            await deps.observations.saw('cloud-run', key, observed, now);
            if (before?.service.etag !== service.etag) await deps.notify('observations');
          } catch (error) {
            await deps.observations.failed('cloud-run', key, (error as Error).message, now);
          }
        }),
      );
    },
  };

  async function record(
    id: string,
    before: ObservedService | null,
    service: CloudRunService,
    revisions: CloudRunRevision[],
    now: number,
  ): Promise<void> {
    const previous = before ? toTraffic(before.service, before.revisions) : null;
    for (const change of revisionChanges(previous, toTraffic(service, revisions), now)) {
      await deps.changes.record({
        ...change,
        externalId: `${id}/${change.externalId}`,
        source: 'cloud-run',
        service: id,
        // Of no Unleash environment in particular: a service counts where it is watched.
        environment: null,
        url: null,
      });
    }
  }
}

/** Since when it is pinned; what was pinned already when we first looked, or looked again after a pause, is so at least since then. */
function pinning(service: CloudRunService, before: ObservedService | null, lookedAt: number | null, now: number) {
  if (!pinned(service)) return { pinnedSince: null, pinnedAtLeast: false };
  if (before && before.pinnedSince !== null)
    return { pinnedSince: before.pinnedSince, pinnedAtLeast: before.pinnedAtLeast ?? true };
  return { pinnedSince: now, pinnedAtLeast: lookedAt === null || now - lookedAt > longPause };
}

function toTraffic(service: CloudRunService, revisions: CloudRunRevision[]): ObservedTraffic {
  const percent: Record<string, number> = {};
  for (const { revision, percent: share } of service.trafficStatuses) {
    const name = revision ?? service.latestReadyRevision;
    if (name && share > 0) percent[name] = (percent[name] ?? 0) + share;
  }
  return { generation: service.observedGeneration, percent, revisions };
}

function carried(before: Record<string, number>, service: CloudRunService, now: number): Record<string, number> {
  const whole = service.trafficStatuses.find(({ percent }) => percent === 100);
  const name = whole ? (whole.revision ?? service.latestReadyRevision) : null;
  return name ? { ...before, [name]: now } : before;
}
