import { cloudRunPutBack } from '#app/actions/cloudrun-put-back.server.ts';
import { cloudRunTraffic } from '#app/actions/cloudrun-traffic.server.ts';
import type { MonitoringRead } from '#app/clients/cloud-monitoring/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { RolloutPlan } from '#app/domain/rollout/plan.ts';
import { inForce } from '#app/domain/service/traffic.ts';
import type { Clock } from '#app/platform/clock.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { countsByRevision } from '../../clients/cloud-run/counts-by-revision.ts';
import type { connectCloudRun, openCloudRun } from '../../clients/cloud-run/studio.ts';
import { planOf, rolloutCatalog, slo, type startRollouts } from './harness.ts';

type Target = Awaited<ReturnType<typeof openCloudRun>>['target'];

/** A service of the simulated Cloud Run, as a console reaches it. */
export interface OneService extends ReturnType<typeof connectCloudRun> {
  target: Target;
  /** The revision that has carried all of its traffic before. */
  stable: string;
}

/** Percent of its traffic by revision, as it is now. */
export const sharesOf = async ({ read, target }: Pick<OneService, 'read' | 'target'>) =>
  inForce(await read.service(target));

/** What Cloud Monitoring counts of it: 20 requests a minute for each percent of traffic, of which `failing` (0 to 1) fail. */
export function requestsOf(
  service: Pick<OneService, 'read' | 'target'>,
  failing: (revision: string, percent: number) => number,
): MonitoringRead['counts'] {
  return countsByRevision(
    () => sharesOf(service),
    (revision, percent) => {
      const total = percent * 20;
      return { total, bad: Math.round(total * failing(revision, percent)) };
    },
  );
}

/** A console that moves the traffic of this service, and observes it before each round. */
export function movingTraffic(
  { read, write, target, stable }: OneService,
  monitoring: Pick<MonitoringRead, 'counts'>,
  clock: Clock,
): Pick<Parameters<typeof startRollouts>[0], 'catalog' | 'monitoring' | 'actions' | 'observe'> {
  const none = { distributions: async () => [], gauges: async () => [] };
  return {
    catalog: catalogWith(target),
    monitoring,
    actions: ({ db, runs }) => {
      const observations = createObservationStore(db);
      const changes = createChangeStore(db, clock.now, async () => undefined);
      return [
        cloudRunTraffic({ read, write, monitoring: { ...none, ...monitoring }, observations, changes, acts: true }),
        cloudRunPutBack({ read, write, observations, runs }),
      ];
    },
    observe: async (observations) => {
      const at = clock.now();
      const [service, revisions] = await Promise.all([read.service(target), read.revisions(target)]);
      const seen = { service, revisions, carriedAll: { [stable]: 1 }, pinnedSince: null };
      await observations.saw('cloud-run', 'service/shop', seen, at);
    },
  };
}

function catalogWith(target: Target): Catalog {
  const base = rolloutCatalog();
  const service: Catalog['services'][number] = {
    ...{ id: 'shop', title: 'Shop', description: '', owner: 'team-shop', kind: 'cloud-run', cloudRun: target },
    ...{ pagerDutyService: null, dependsOn: [], runbook: null },
  };
  return { ...base, services: [service], slos: base.slos.map((one) => ({ ...one, service: 'shop' })) };
}

/** Stages of 6 min each, guarded by the requests of the revision alone. */
export function byRevision(percents: number[], part: Partial<RolloutPlan> = {}): RolloutPlan {
  const plan = planOf(percents, part);
  const guards = [{ source: { kind: 'slo' as const, slo }, over: null, judge: 'cohort' as const }];
  return { ...plan, stages: plan.stages.map((stage) => ({ ...stage, guards })) };
}

/** Gives all traffic to one revision. */
export async function pinStable({ read, write, target }: Omit<OneService, 'stable'>, revision: string): Promise<void> {
  const { etag } = await read.service(target);
  await write.setTraffic(target, [{ revision, percent: 100, tag: null }], {
    etag,
    validateOnly: false,
    signal: AbortSignal.timeout(5_000),
  });
}
