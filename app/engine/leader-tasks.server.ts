import { paths } from '../paths.ts';
import { appendAudit } from '../stores/audit.server.ts';
import { createImpactStore } from '../stores/flag/impact-minutes.server.ts';
import { forgetCatalogVersions, forgetDeliveries, forgetFindings } from '../stores/forget-old.server.ts';
import { untakenPages } from '../stores/incident/untaken-pages.server.ts';
import { ownHand } from '../stores/run/own-hand.server.ts';
import { forgetOldBuckets } from '../stores/slo/forget-buckets.server.ts';
import { createShardStore } from '../stores/slo/slo-shards.server.ts';
import { catalogTask } from './catalog.server.ts';
import { clearTurnedBack } from './clear-turned-back.server.ts';
import { deliverTasks } from './deliver/deliver-outbox.server.ts';
import { fireSchedules } from './fire-schedules.server.ts';
import { followCleanUps } from './follow-clean-ups.server.ts';
import { handleWebhooks } from './incidents/handle-webhooks.server.ts';
import { pollChangeEvents } from './incidents/poll-change-events.server.ts';
import { pollOnCall } from './incidents/poll-on-call.server.ts';
import { pollPagerDuty } from './incidents/poll-pagerduty.server.ts';
import { retireSlos } from './incidents/retire-slos.server.ts';
import { settlePages } from './incidents/settle-pages.server.ts';
import type { Task } from './loop.server.ts';
import { pingDeadman } from './metrics/ping-deadman.server.ts';
import { watchChanges } from './metrics/watch-changes.server.ts';
import { watchSources } from './metrics/watch-sources.server.ts';
import type { EngineParts } from './parts.ts';
import { prepareRunsTask } from './prepare-runs.server.ts';
import { remindOwners } from './remind-owners.server.ts';
import { advanceRollouts } from './rollouts/advance-rollouts.server.ts';
import { countImpact } from './rollouts/count-impact.server.ts';
import { tellApprovers } from './tell-approvers.server.ts';
import { tellOwners } from './tell-owners.server.ts';
import type { Told } from './told.server.ts';
import { undoPanics } from './undo-panics.server.ts';
import { verifyAuditTask } from './verify-audit.server.ts';
import { cloudRunTask } from './world/cloud-run.server.ts';
import { flagUsageTask, servedTask } from './world/flag-usage.server.ts';
import { flagEventsTask, flagsTask } from './world/flags.server.ts';

/** What the one process that leads does: asks the outside world, delivers, reminds, moves on what waits for time, and forgets what is old. */
export function leaderTasks(parts: EngineParts, { incidents, story }: Told): Task[] {
  const { db, clock, log, metrics, notices, deployment, outside, stores, cursors } = parts;
  const { notify } = notices;
  const { catalog } = incidents;
  const { observations, changes, slos } = stores;
  const shards = createShardStore(db);
  const world = { observations, changes, cursors, catalog, clock, notify };
  const every = (name: string, everyMs: number, run: (signal: AbortSignal) => Promise<unknown>): Task => ({
    name,
    everyMs,
    run: async (signal) => void (await run(signal)),
  });
  return [
    catalogTask({ dir: parts.catalogDir, store: stores.catalog, clock, log }),
    every('retire-slos', 15_000, retireSlos(incidents)),
    every('watch-sources', 15_000, watchSources({ ...incidents, sources: slos.sources, cursors })),
    every(
      'watch-changes',
      15_000,
      watchChanges({
        db,
        clock,
        catalog,
        stores,
        notify,
        mode: deployment.mode,
        environment: deployment.environment,
        from: parts.pagerDutyFrom,
        serviceUrl: (id) => `${deployment.baseUrl}${paths.service(id)}`,
      }),
    ),
    every(
      'tell-owners',
      5_000,
      tellOwners({
        ...{ db, clock, catalog, stores, notify, mode: deployment.mode, from: parts.pagerDutyFrom },
        flagUrl: (flag) => `${deployment.baseUrl}${paths.flag(flag)}`,
      }),
    ),
    every(
      'remind-owners',
      30_000,
      remindOwners({
        ...{ db, clock, catalog, people: stores.people, notify, mode: deployment.mode },
        ...{ incidents: stores.incidents, from: parts.pagerDutyFrom },
        followUpUrl: (id) => `${deployment.baseUrl}${paths.followUp(id)}`,
      }),
    ),
    every('clear-turned-back', 15_000, clearTurnedBack({ db, clock, notify, changes, audit: appendAudit })),
    every(
      'tell-approvers',
      5_000,
      tellApprovers({
        ...{ db, clock, catalog, notify, incidents: stores.incidents, from: parts.pagerDutyFrom },
        environment: deployment.environment,
        stepUrl: (run, step) => `${deployment.baseUrl}${paths.runStep(run, step)}`,
      }),
    ),
    flagsTask({ ...world, unleash: outside.unleash.read }),
    flagUsageTask({ ...world, unleash: outside.unleash.read }),
    servedTask({ ...world, unleash: outside.unleash.read }),
    flagEventsTask({
      ...world,
      unleash: outside.unleash.read,
      ownHand: (of, at) => ownHand(db, of, at),
    }),
    cloudRunTask({ ...world, cloudRun: outside.cloudRun.read }),
    every('poll-pagerduty', 30_000, () => pollPagerDuty(incidents)),
    every('poll-on-call', 300_000, () => pollOnCall(incidents)),
    every('poll-change-events', 30_000, () => pollChangeEvents({ ...incidents, changes })),
    every('handle-webhooks', 5_000, () => handleWebhooks({ ...incidents, webhooks: stores.webhooks })),
    every('ping-deadman', 15_000, (signal) =>
      pingDeadman({ url: parts.deadmanUrl, clock, evaluatedAt: shards.evaluatedAt, signal }),
    ),
    every('count-pages', 15_000, async () => metrics.untaken.set((await untakenPages(db, clock.now())).size)),
    every('settle-pages', 15_000, () => settlePages({ ...incidents, states: slos.states })),
    ...deliverTasks({
      db,
      clock,
      notify,
      log,
      catalog,
      mode: deployment.mode,
      pagerDuty: { ...outside.pagerDuty.read, ...outside.pagerDuty.write },
      from: parts.pagerDutyFrom,
      routingKey: parts.routingKey,
      ticketRoutingKey: parts.ticketRoutingKey,
      endpoints: outside.endpoints.write,
      tickets: parts.tickets,
    }),
    every('tell-the-story', 20_000, (signal) => story.tell(signal)),
    every('forget-webhooks', 3_600_000, () => stores.webhooks.purge()),
    every('forget-buckets', 3_600_000, () => forgetOldBuckets(db, clock.now())),
    every('forget-deliveries', 3_600_000, () => forgetDeliveries(db, clock.now())),
    every('forget-findings', 3_600_000, () => forgetFindings(db, clock.now())),
    every('forget-catalogs', 3_600_000, () => forgetCatalogVersions(db)),
    every(
      'fire-schedules',
      1_000,
      fireSchedules({ db, clock, catalog, people: stores.people, runs: stores.runs, notify, mode: deployment.mode }),
    ),
    every(
      'follow-clean-ups',
      300_000,
      followCleanUps({ db, clock, catalog, observations, changes, notify, environment: deployment.environment }),
    ),
    every('expire-requests', 60_000, () => stores.changeRequests.expire(clock.now())),
    every(
      'undo-panics',
      1_000,
      undoPanics({ db, clock, catalog, environment: deployment.environment, runs: stores.runs, notify }),
    ),
    every(
      'advance-rollouts',
      2_000,
      advanceRollouts({
        ...{ db, clock, log, notify, catalog, slos, observations, mode: deployment.mode },
        rollouts: stores.rollouts,
        runs: stores.runs,
        incidents: stores.incidents,
        people: stores.people,
        monitoring: outside.monitoring,
        environment: deployment.environment,
        link: (path) => `${deployment.baseUrl}${path}`,
      }),
    ),
    countImpact({
      ...{ clock, catalog, observations, rollouts: stores.rollouts },
      unleash: outside.unleash.impact,
      impact: createImpactStore(db),
    }),
    every('forget-impact', 3_600_000, () => createImpactStore(db).forget(clock.now())),
    verifyAuditTask({ audit: stores.audit, observations, clock }),
    prepareRunsTask({ incidents: stores.incidents, runs: parts.runs }),
  ];
}
