import type { Director } from '../world/director.ts';
import type { CloudRunControl, SimContext } from '../world/seams.ts';
import type { WorldState } from '../world/state.ts';
import type { UnleashPerson } from '../world/unleash-person.ts';
import type { ServiceView } from '../world/world.ts';
import type { WorldControl } from './control.ts';

/** What outsiders may ask of the world, done to its state. `fleets` tells how the SDKs fare. */
export function createWorldControl(options: {
  context: SimContext;
  state: WorldState;
  save: () => void;
  director: Director;
  person: (email: string) => Promise<UnleashPerson>;
  cloudRun: Pick<CloudRunControl, 'toLatest' | 'pinned'>;
  /** Gives every flag in production its first state back. */
  resetFlags: () => Promise<void>;
  views: () => ServiceView[];
  fleets: () => unknown[];
}): WorldControl {
  const { context, state, save, director, person } = options;
  const { clock, faults, worldStart } = context;
  const require = (service: string) => {
    if (!context.services.some((one) => one.id === service)) throw new Error(`No service "${service}" runs here.`);
  };
  return {
    startDrill: ({ name, at }) => director.start(name, at ?? clock.now()),
    setTraffic({ service, ratio }) {
      require(service);
      const now = clock.now();
      for (const one of state.ratios) if (one.service === service) one.to ??= now;
      if (ratio !== 1) state.ratios.push({ service, ratio, from: now, to: null });
      save();
    },
    async turnFlag({ flag, by, rollout, enabled }) {
      const who = await person(by);
      if (rollout !== undefined) await who.setRollout(flag, rollout);
      if (enabled !== undefined) await who.setEnabled(flag, enabled);
    },
    deploy({ service, failShare = 0, slowShare = 0, ...over }) {
      require(service);
      const from = clock.now();
      const revision = director.deploy(service, over);
      if (failShare + slowShare > 0)
        state.harms.push({
          service,
          from,
          to: null,
          flag: null,
          sparedBy: null,
          revision,
          failShare,
          slowShare,
          failures: [{ code: 500, weight: 1, message: 'TypeError: cannot read properties of undefined' }],
        });
      save();
      return { revision };
    },
    setBlackout({ on }) {
      for (const one of state.blackouts) one.to ??= clock.now();
      if (on) state.blackouts.push({ from: clock.now(), to: null });
      save();
    },
    harm(harm) {
      require(harm.service);
      const message = harm.dependency ? `${harm.dependency} answered 503 Service Unavailable` : 'the service failed';
      const failures = [{ code: 503, weight: 1, message }];
      state.harms.push({ ...harm, from: clock.now(), to: null, revision: null, failures });
      save();
    },
    setQueue({ queue, stuck }) {
      state.stuckQueues ??= [];
      for (const one of state.stuckQueues) if (one.queue === queue) one.to ??= clock.now();
      if (stuck) state.stuckQueues.push({ queue, from: clock.now(), to: null });
      save();
    },
    fails: (dependency) => state.harms.some((one) => one.to === null && one.dependency === dependency),
    harmless() {
      for (const one of state.harms) one.to ??= clock.now();
      save();
    },
    async calm() {
      const now = clock.now();
      const lasting = [state.harms, state.ratios, state.blackouts, state.stuckQueues ?? []];
      for (const one of lasting.flat()) one.to ??= now;
      state.pending = [];
      save();
      for (const { id } of context.services) options.cloudRun.toLatest?.(id);
      await options.resetFlags();
    },
    state: () => ({
      now: clock.now(),
      speed: clock.speed(),
      worldStart,
      drill: { ...state.drill, pending: state.pending.length },
      faults: faults.all(),
      blackouts: state.blackouts,
      services: options.views(),
      pinned: context.services.filter(({ id }) => options.cloudRun.pinned?.(id)).map(({ id }) => id),
      sdks: options.fleets(),
    }),
  };
}
