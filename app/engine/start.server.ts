import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createShardStore } from '../stores/slo/slo-shards.server.ts';
import { deliverTask, deliveryKinds } from './deliver/deliver-outbox.server.ts';
import { applyAlertTransitions } from './incidents/apply-alerts.server.ts';
import { standForLeader } from './leader.server.ts';
import { leaderTasks } from './leader-tasks.server.ts';
import { startLoop, type Task } from './loop.server.ts';
import { createCollector } from './metrics/collector.server.ts';
import { evaluateTask } from './metrics/evaluate.server.ts';
import { fencedHours } from './metrics/fenced-hours.server.ts';
import { type Share, startShare } from './metrics/share.server.ts';
import type { EngineParts } from './parts.ts';
import { createTold, type Told } from './told.server.ts';

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
        loop = startLoop(leaderTasks(parts, told), parts);
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
