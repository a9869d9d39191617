import type { CloudRunRead, CloudRunRevision, CloudRunService } from '../../clients/cloud-run/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import { type ObservedTraffic, revisionChanges } from '../../domain/service/cloud-run-observed.ts';
import { pinned } from '../../domain/service/traffic.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { ChangeStore, ObservationStore } from '../../stores/stores.ts';
import type { Task } from '../loop.server.ts';

/** The observation `cloud-run/service/<id>`. */
export interface ObservedService {
  service: CloudRunService;
  revisions: CloudRunRevision[];
  /** Since when traffic goes to a revision by name instead of LATEST; null when it follows LATEST. */
  pinnedSince: number | null;
  /** When each revision was last seen with all the traffic, from our own observations: Cloud Run keeps no history. */
  carriedAll: Record<string, number>;
}

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
            const before = (await deps.observations.get<ObservedService>('cloud-run', key)).value;
            await record(id, before, service, revisions, now);
            const observed: ObservedService = {
              service,
              revisions,
              pinnedSince: pinned(service) ? (before?.pinnedSince ?? now) : null,
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
        environment: 'production',
        url: null,
      });
    }
  }
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
