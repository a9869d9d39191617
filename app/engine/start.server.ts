import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Outside } from '../clients/outside.server.ts';
import type { Deployment } from '../load-context.ts';
import { paths } from '../paths.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Notices } from '../platform/notify.server.ts';
import { appendAudit } from '../stores/audit.server.ts';
import type { CatalogFiles } from '../stores/catalog.server.ts';
import type { CursorStore } from '../stores/cursors.server.ts';
import { forgetOldBuckets } from '../stores/forget-buckets.server.ts';
import { forgetCatalogVersions, forgetDeliveries, forgetFindings } from '../stores/forget-old.server.ts';
import { createImpactStore } from '../stores/impact-minutes.server.ts';
import { ownHand } from '../stores/own-hand.server.ts';
import type { RolloutStore, RolloutWriter } from '../stores/rollouts.server.ts';
import { createShardStore } from '../stores/slo-shards.server.ts';
import type { SloWriter } from '../stores/slo-writer.server.ts';
import type { CatalogStore, SloStore, Stores } from '../stores/stores.ts';
import { untakenPages } from '../stores/untaken-pages.server.ts';
import type { WebhookStore } from '../stores/webhooks.server.ts';
import { catalogTask } from './catalog.server.ts';
import { clearTurnedBack } from './clear-turned-back.server.ts';
import { deliverTask, deliverTasks, deliveryKinds } from './deliver/deliver-outbox.server.ts';
import { fireSchedules } from './fire-schedules.server.ts';
import { followCleanUps } from './follow-clean-ups.server.ts';
import { applyAlertTransitions } from './incidents/apply-alerts.server.ts';
import { handleWebhooks } from './incidents/handle-webhooks.server.ts';
import { pollChangeEvents } from './incidents/poll-change-events.server.ts';
import { pollOnCall } from './incidents/poll-on-call.server.ts';
import { pollPagerDuty } from './incidents/poll-pagerduty.server.ts';
import { retireSlos } from './incidents/retire-slos.server.ts';
import { settlePages } from './incidents/settle-pages.server.ts';
import { standForLeader } from './leader.server.ts';
import { startLoop, type Task } from './loop.server.ts';
import { createCollector } from './metrics/collector.server.ts';
import { evaluateTask } from './metrics/evaluate.server.ts';
import { fencedHours } from './metrics/fenced-hours.server.ts';
import { pingDeadman } from './metrics/ping-deadman.server.ts';
import { type Share, startShare } from './metrics/share.server.ts';
import { watchChanges } from './metrics/watch-changes.server.ts';
import { watchSources } from './metrics/watch-sources.server.ts';
import { prepareRunsTask } from './prepare-runs.server.ts';
import { remindOwners } from './remind-owners.server.ts';
import { advanceRollouts } from './rollouts/advance-rollouts.server.ts';
import { countImpact } from './rollouts/count-impact.server.ts';
import type { RunEngine } from './runs/port.ts';
import { createStory } from './story/story.server.ts';
import { tellApprovers } from './tell-approvers.server.ts';
import { tellOwners } from './tell-owners.server.ts';
import { undoPanics } from './undo-panics.server.ts';
import { verifyAuditTask } from './verify-audit.server.ts';
import { cloudRunTask } from './world/cloud-run.server.ts';
import { flagUsageTask, servedTask } from './world/flag-usage.server.ts';
import { flagEventsTask, flagsTask } from './world/flags.server.ts';

/** Everything the engine works with; made in the root. */
export interface EngineParts {
  db: Db;
  databaseUrl: string;
  catalogDir: string;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  notices: Notices;
  deployment: Deployment;
  outside: Outside;
  stores: Stores & {
    catalog: CatalogStore & CatalogFiles;
    slos: SloStore & SloWriter;
    webhooks: WebhookStore;
    rollouts: RolloutStore & RolloutWriter;
  };
  cursors: CursorStore;
  routingKey: string;
  ticketRoutingKey: string;
  /** Name of the declared endpoint that tickets go to; null: to PagerDuty. */
  tickets: string | null;
  /** Email of the PagerDuty user that our notes are written by. */
  pagerDutyFrom: string;
  deadmanUrl: string | null;
  runs: RunEngine;
}

/**
 * The work that goes on without a browser. Runs are driven by every engine process, and SLOs are evaluated by all of them, each
 * its share; everything else is polled by the one that leads.
 */
export async function startEngine(parts: EngineParts): Promise<{ stop(graceMs: number): Promise<void> }> {
  // Its first answer takes seconds while Unleash is down: a start does not wait for it.
  void parts.outside.unleash.witness.start();
  await parts.runs.start();
  let loop: ReturnType<typeof startLoop> | null = null;
  const told = createTold(parts);
  const share = startShare({
    db: parts.db,
    shards: createShardStore(parts.db),
    worker: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
    log: parts.log,
    onUneven: () => sloLoop.poke('evaluate-slos'),
  });
  const sloLoop = startLoop([sloTask(parts, told, share)], parts);
  const unsubscribe = parts.notices.subscribe((topic) => {
    if (topic === 'webhooks') loop?.poke('handle-webhooks');
    if (topic === 'rollouts') loop?.poke('advance-rollouts');
    if (topic === 'follow-ups') loop?.poke('tell-owners');
    if (topic === 'approvals') loop?.poke('tell-approvers');
    if (topic === 'outbox' || topic === 'incidents') for (const kind of deliveryKinds) loop?.poke(deliverTask(kind));
  });
  // Nearly everything is about what the catalog declares: the first version wakes the tasks that found none.
  const stopWaiting = (await parts.stores.catalog.current())
    ? () => undefined
    : parts.notices.subscribe((topic) => {
        if (topic !== 'catalog') return;
        stopWaiting();
        sloLoop.poke('evaluate-slos');
        for (const name of ['poll-cloud-run', 'poll-on-call']) loop?.poke(name);
      });
  const leader = standForLeader(
    parts.databaseUrl,
    {
      won: async () => {
        parts.log.info('leading: polls the outside world');
        loop = startLoop(tasks(parts, told), parts);
      },
      lost: async () => {
        await loop?.stop();
        loop = null;
      },
    },
    parts.log,
  );
  return {
    async stop(graceMs) {
      unsubscribe();
      stopWaiting();
      const leave = async () => {
        await sloLoop.stop();
        await share.stop();
      };
      // All at once: a task that takes its time must not keep runs from being handed back in time.
      await Promise.all([leader.stop(), leave(), parts.runs.stop(graceMs)]);
      await parts.outside.unleash.witness.stop();
    },
  };
}

/** What incidents are told with, and the story that gives their pages words. */
function createTold(parts: EngineParts) {
  const { db, clock, log, notices, deployment, outside, stores } = parts;
  const { notify } = notices;
  return {
    incidents: {
      db,
      clock,
      notify,
      log,
      catalog: () => stores.catalog.current(),
      observations: stores.observations,
      mode: deployment.mode,
      tickets: parts.tickets,
      pagerDuty: outside.pagerDuty.read,
      incidentUrl: (id: string) => `${deployment.baseUrl}${paths.incident(id)}`,
    },
    story: createStory({ outside, stores, clock, notify, environment: deployment.environment }),
  };
}

type Told = ReturnType<typeof createTold>;

/** This process's share of the SLOs. */
function sloTask(parts: EngineParts, { incidents, story }: Told, share: Share): Task {
  const { db, clock, metrics, outside, stores, cursors } = parts;
  const { slos } = stores;
  const onDropped = (points: number) => metrics.dropped.inc(points);
  return evaluateTask({
    db,
    clock,
    catalog: incidents.catalog,
    collector: createCollector(outside, fencedHours(slos, share), cursors, onDropped),
    slos,
    share,
    metrics,
    notify: parts.notices.notify,
    suspects: story.suspectsOfSlo,
    apply: (tx, verdicts) => applyAlertTransitions(incidents, tx, verdicts),
  });
}

function tasks(parts: EngineParts, { incidents, story }: Told): Task[] {
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
      ownHand: (target, at) => ownHand(db, target, at),
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
    every('undo-panics', 1_000, undoPanics({ db, clock, runs: stores.runs, notify })),
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
