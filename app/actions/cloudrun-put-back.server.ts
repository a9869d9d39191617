import type { CloudRunRead, CloudRunWrite, TrafficTarget } from '../clients/cloud-run/port.ts';
import { lockTarget } from '../domain/run/catalogue.ts';
import { inForce, pinned, sameTraffic, trafficText, unsettled } from '../domain/service/traffic.ts';
import type { ObservationStore, RunStore } from '../stores/stores.ts';
import type { Action, Applied, Planned } from './action.ts';
import { blankPlan } from './plan-parts.ts';
import { neverCarried } from './traffic-choice.ts';
import { readTraffic, requireService, serviceOf, type TrafficReading } from './traffic-read.server.ts';
import { untilSettled, writeTraffic } from './traffic-write.server.ts';

/** What putting traffic back writes, as its hash covers it. */
interface PutBackAfter {
  service: string;
  traffic: TrafficTarget[];
}

/**
 * `cloudrun.put-back`: gives a service exactly the traffic that stood there when a named run moved it. It goes back, so it is
 * a stop, in one move: what it returns to carried the service until then.
 */
export function cloudRunPutBack(deps: {
  read: CloudRunRead;
  write: CloudRunWrite;
  observations: ObservationStore;
  runs: Pick<RunStore, 'captured'>;
}): Action {
  return {
    uses: 'cloudrun.put-back',
    recovery: 'verifiable',

    async plan(context): Promise<Planned> {
      const service = serviceOf(context);
      const target = lockTarget('cloudrun.put-back', context.input, context.run.service)!;
      const name = String(context.input.service ?? context.run.service);
      const base = blankPlan(context, {
        kind: 'stop',
        target,
        title: `Put the traffic of ${name} back to where it was`,
        confirmLabel: `Put back${context.step.verify ? ' and verify' : ''}`,
      });
      const refused = (why: string): Planned => ({ plan: { ...base, refused: why }, capture: null });
      if (typeof service === 'string') return refused(service);
      const query = { target, uses: 'cloudrun.traffic', runId: String(context.input.run), notIn: context.run.id };
      const captured = ((await deps.runs.captured(query))?.state ?? null) as TrafficTarget[] | null;
      if (!captured) return refused('That run moved no traffic here: there is nothing to put back.');
      const reading = await readTraffic(deps, context, service);
      const { traffic } = reading.service;
      const there = sameTraffic(traffic, captured) && unsettled(reading.service, captured) === null;
      const now = inForce(reading.service);
      const untried = reading.fresh ? untriedIn(captured, reading) : null;
      const plan = {
        ...base,
        before: { traffic },
        after: { service: service.id, traffic: captured } satisfies PutBackAfter,
        diff: [
          { sign: '-' as const, text: trafficText(now) },
          { sign: '+' as const, text: wordsOf(captured) },
        ],
        preconditions: [reading.precondition],
        blast: [`All requests to ${service.id}`],
        effect: 'New requests follow within seconds of the operation’s end.',
        effectMs: 15_000,
        undo: `Puts the traffic back as it is now: ${trafficText(now)}${pinned(reading.service) ? '' : ', following LATEST'}.`,
        refused: there && reading.fresh ? `The traffic of ${service.id} stands as it did before already.` : untried,
      };
      return { plan, capture: traffic };
    },

    async apply(context, move) {
      const { traffic } = move.plan.after as PutBackAfter;
      return write(context, traffic);
    },

    async observe(context, move, direction) {
      const after = move.plan.after as PutBackAfter;
      const wanted = direction === 'undo' ? (move.captured as TrafficTarget[]) : after.traffic;
      const { cloudRun } = requireService(context);
      const { service, why } = await untilSettled(deps.read, cloudRun, () => wanted, context.signal);
      const there = `traffic is ${trafficText(inForce(service))}`;
      if (!sameTraffic(service.traffic, wanted)) return { state: 'not_done', text: why ?? there };
      const onItsWay = unsettled({ ...service, ready: true }, wanted);
      if (onItsWay !== null) return { state: 'unknown', text: onItsWay };
      return { state: 'done', text: why === null ? there : `${there}; ${why}`, applied: putBack(wanted) };
    },

    async stands(context, move) {
      const after = move.plan.after as PutBackAfter;
      const service = await deps.read.service(requireService(context).cloudRun, context.signal);
      const still = sameTraffic(service.traffic, after.traffic);
      return { still, text: `traffic of ${after.service} is ${trafficText(inForce(service))} now` };
    },

    undo: (context, move) => write(context, move.captured as TrafficTarget[]),

    leaves: (_context, move) => ({ followUp: null, clears: move.plan.target }),
  };

  async function write(context: Parameters<Action['apply']>[0], traffic: TrafficTarget[]): Promise<Applied> {
    const { cloudRun } = requireService(context);
    const state = await deps.read.service(cloudRun, context.signal);
    await writeTraffic(deps, cloudRun, traffic, state.etag, context.signal);
    return putBack(traffic);
  }
}

/** Why `then` is no way back: it gives a newer revision more than now, and nobody saw that one carry everything. Null when it is one. */
function untriedIn(then: TrafficTarget[], { service, revisions, carriedAll }: TrafficReading): string | null {
  const now = inForce(service);
  const wanted = inForce({ ...service, trafficStatuses: then });
  const born = (name: string) => revisions.find((one) => one.name === name)?.createdAt ?? 0;
  const losing = Object.keys(now).filter((name) => (wanted[name] ?? 0) < now[name]!);
  const untried = Object.keys(wanted).find(
    (name) =>
      wanted[name]! > (now[name] ?? 0) &&
      carriedAll[name] === undefined &&
      losing.some((other) => born(name) > born(other)),
  );
  return untried === undefined
    ? null
    : `${untried} would get more than now. ${neverCarried(untried)} Route it there instead.`;
}

function putBack(traffic: TrafficTarget[]): Applied {
  return { next: 'done', progress: null, evidence: { restored: wordsOf(traffic) }, outputs: {} };
}

function wordsOf(traffic: TrafficTarget[]): string {
  return traffic.map((one) => `${one.revision ?? 'LATEST'} ${one.percent} %`).join(', ');
}
