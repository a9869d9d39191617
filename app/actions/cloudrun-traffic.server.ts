import type { MonitoringRead } from '../clients/cloud-monitoring/port.ts';
import type { CloudRunRead, CloudRunWrite, TrafficTarget } from '../clients/cloud-run/port.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { trafficCommands } from '../domain/run/commands/traffic-commands.ts';
import { inForce, pinned, routeBack, sameTraffic, trafficText, unsettled } from '../domain/service/traffic.ts';
import { AppError } from '../errors.ts';
import type { ChangeStore, ObservationStore } from '../stores/stores.ts';
import type { Action, ActionContext, Applied, Move, Planned } from './action.ts';
import { blankPlan } from './plan-parts.ts';
import { chooseRevision } from './traffic-choice.ts';
import { createDryRun } from './traffic-dry-run.server.ts';
import { type FirstMove, holdTraffic } from './traffic-hold.server.ts';
import { knownOfRollback } from './traffic-plan.server.ts';
import { mainRevision, readTraffic, requireService, serviceOf } from './traffic-read.server.ts';
import { untilSettled, writeTraffic } from './traffic-write.server.ts';

/** What a change of traffic writes, as its hash covers it. `revision` null is LATEST; `first` is the share of the first move. */
interface TrafficAfter {
  service: string;
  revision: string | null;
  percent: number;
  first: number | null;
  hold: string | null;
}

/** The first move, once it is made: `revision` and share are the plan's. */
type Progress = FirstMove | null;

/**
 * `cloudrun.traffic`: routes a service's traffic to a revision or to LATEST, in one move or two. The dry run is a
 * precondition of the plan; every write carries the etag it read; the operation is followed to its end.
 */
export function cloudRunTraffic(deps: {
  read: CloudRunRead;
  write: CloudRunWrite;
  monitoring: MonitoringRead;
  observations: ObservationStore;
  changes: ChangeStore;
  /** False where nothing is ever changed. */
  acts: boolean;
}): Action {
  const dryRun = createDryRun(deps.write, deps.acts);
  /** The share that a move brings, by what was moved before it. */
  const shareOf = (after: TrafficAfter, progress: Progress) =>
    progress === null && after.first !== null ? after.first : after.percent;

  const applied = (
    context: ActionContext,
    after: TrafficAfter,
    progress: Progress,
    operation: string | null,
  ): Applied => {
    const percent = shareOf(after, progress);
    const revision = after.revision ?? 'LATEST';
    const more = percent !== after.percent;
    return {
      next: more ? 'hold' : 'done',
      progress: more ? { revision, percent, movedAt: context.now() } : progress,
      evidence: { service: after.service, revision, percent, ...(operation ? { operation } : {}) },
      outputs: { revision },
    };
  };

  return {
    uses: 'cloudrun.traffic',
    recovery: 'verifiable',

    async plan(context): Promise<Planned> {
      const service = serviceOf(context);
      const to = String(context.input.to);
      const name = typeof service === 'string' ? String(context.input.service ?? context.run.service) : service.id;
      const target = lockTarget('cloudrun.traffic', context.input, context.run.service);
      const base = blankPlan(context, {
        kind: to.toUpperCase() === 'LATEST' ? 'forward' : 'stop',
        target,
        title: `Route ${name} to ${to}`,
        confirmLabel: 'Route traffic',
      });
      if (typeof service === 'string') return { plan: { ...base, refused: service }, capture: null };
      const reading = await readTraffic(deps, context, service);
      const main = mainRevision(reading.service);
      const choice = chooseRevision(to, { ...reading, main, shares: inForce(reading.service) });
      if (!choice.ok) return { plan: { ...base, refused: choice.refused }, capture: null };
      const progress = context.progress as Progress;
      const percent = Number(context.input.percent);
      const first =
        progress === null && typeof context.input.first === 'number' && context.input.first < percent
          ? context.input.first
          : null;
      const hold = first === null ? null : String(context.input.hold ?? '2m');
      const after: TrafficAfter = { service: service.id, revision: choice.revision, percent, first, hold };
      const { traffic } = reading.service;
      const intent = routeBack(traffic, choice.revision, first ?? percent);
      const last = routeBack(traffic, choice.revision, percent);
      const word = choice.revision ?? `LATEST (${reading.service.latestReadyRevision ?? 'not ready'})`;
      const there = sameTraffic(traffic, last) && unsettled(reading.service, last) === null;
      const known = await knownOfRollback(deps.changes, context, service.id, reading, main, choice);
      const now = inForce(reading.service);
      const plan = {
        ...base,
        kind: choice.kind,
        title: `Route ${percent} % of ${service.id} to ${word}`,
        confirmLabel: `${first === null ? 'Route' : `Route ${first} % first`}${context.step.verify ? ' and verify' : ''}`,
        // A forward change is bound to what it was read against, etag and all.
        before: choice.kind === 'forward' ? { traffic, etag: reading.service.etag } : { traffic },
        after,
        diff: [
          { sign: '-' as const, text: trafficText(now) },
          ...(first === null ? [] : [{ sign: '+' as const, text: `${word} ${first} %, held for ${hold} of its data` }]),
          { sign: '+' as const, text: `${word} ${percent} %` },
          ...known.differences.map((text) => ({ sign: ' ' as const, text })),
        ],
        preconditions: [
          reading.precondition,
          ...choice.preconditions,
          ...known.preconditions,
          await dryRun(service.cloudRun, intent, reading, context),
        ],
        blast: [`All requests to ${service.id}`, ...known.blast],
        effect: 'New requests follow within seconds of the operation’s end.',
        effectMs: 15_000,
        undo: `Puts the traffic back as it is now: ${trafficText(now)}${pinned(reading.service) ? '' : ', following LATEST'}.`,
        commands: trafficCommands(service.cloudRun, choice.revision, first, percent),
        refused: there ? `${percent} % of ${service.id} is on ${word} already.` : null,
      };
      return { plan, capture: traffic };
    },

    async apply(context, move) {
      const service = requireService(context);
      const after = move.plan.after as TrafficAfter;
      const progress = move.progress as Progress;
      const state = await deps.read.service(service.cloudRun, context.signal);
      if (move.plan.kind === 'forward' && progress === null) {
        const { etag } = move.plan.before as { etag: string };
        if (etag !== state.etag) throw new AppError('plan_stale');
      }
      const traffic = routeBack(state.traffic, after.revision, shareOf(after, progress));
      context.emit(`Asks Cloud Run for ${shareOf(after, progress)} % on ${after.revision}.`);
      const operation = await writeTraffic(deps, service.cloudRun, traffic, state.etag, context.signal);
      context.emit(`Cloud Run took it: ${operation.name}`);
      return applied(context, after, progress, operation.name);
    },

    async observe(context, move, direction) {
      const service = requireService(context);
      const after = move.plan.after as TrafficAfter;
      const progress = move.progress as Progress;
      const captured = move.captured as TrafficTarget[];
      const wanted = (traffic: TrafficTarget[]) =>
        direction === 'undo' ? captured : routeBack(traffic, after.revision, shareOf(after, progress));
      const settled = await untilSettled(deps.read, service.cloudRun, ({ traffic }) => wanted(traffic), context.signal);
      const intended = sameTraffic(settled.service.traffic, wanted(settled.service.traffic));
      const there = `traffic is ${trafficText(inForce(settled.service))}`;
      if (!intended) return { state: 'not_done', text: settled.why ?? there };
      // A service that is not ready, after a deploy that failed say, still sends its traffic where it was told to.
      const onItsWay = unsettled({ ...settled.service, ready: true }, wanted(settled.service.traffic));
      // Written and not in force yet: Cloud Run is at work, and firing again would change nothing.
      if (onItsWay !== null) return { state: 'unknown', text: onItsWay };
      const text = settled.why === null ? there : `${there}; ${settled.why}`;
      const done = direction === 'undo' ? restored(captured) : applied(context, after, progress, null);
      return { state: 'done', text, applied: done };
    },

    async stands(context, move) {
      const after = move.plan.after as TrafficAfter;
      const { traffic, ...service } = await deps.read.service(requireService(context).cloudRun, context.signal);
      const still = sameTraffic(traffic, routeBack(traffic, after.revision, after.percent));
      return { still, text: `traffic of ${after.service} is ${trafficText(inForce(service))} now` };
    },

    async undo(context, move) {
      const service = requireService(context);
      const captured = move.captured as TrafficTarget[];
      const state = await deps.read.service(service.cloudRun, context.signal);
      await writeTraffic(deps, service.cloudRun, captured, state.etag, context.signal);
      return restored(captured);
    },

    async hold(context, move) {
      const service = requireService(context);
      const first = move.progress as FirstMove;
      return { ...(await holdTraffic(deps.monitoring, context, service.id, first)), progress: first };
    },

    leaves(context, move: Move, direction) {
      const { service, revision } = move.plan.after as TrafficAfter;
      const target = lockTarget('cloudrun.traffic', { service }, null)!;
      if (direction === 'undo' || revision === null) return { followUp: null, clears: target };
      const followUp = {
        kind: 'traffic-pinned' as const,
        target,
        title: `Traffic of ${service} is pinned to ${revision}; the next deploy gets none`,
        service,
        owner: context.catalog.services.find((one) => one.id === service)?.owner ?? null,
        dueIn: context.step.expires,
        wayBack: {
          template: 'template:cloudrun.traffic',
          label: `Return ${service} to its latest revision`,
          inputs: { service, to: 'LATEST' },
        },
      };
      return { followUp, clears: null };
    },
  };
}

function restored(captured: TrafficTarget[]): Applied {
  const text = captured.map((one) => `${one.revision ?? 'LATEST'} ${one.percent} %`).join(', ');
  return { next: 'done', progress: null, evidence: { restored: text }, outputs: {} };
}
