import type { Director } from '../world/director.ts';
import type { SimContext } from '../world/seams.ts';
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
    deploy({ service, failShare, ...over }) {
      require(service);
      const from = clock.now();
      const revision = director.deploy(service, over);
      if (failShare)
        state.harms.push({
          service,
          from,
          to: null,
          flag: null,
          sparedBy: null,
          revision,
          failShare,
          slowShare: 0,
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
    state: () => ({
      now: clock.now(),
      speed: clock.speed(),
      worldStart,
      drill: { ...state.drill, pending: state.pending.length },
      faults: faults.all(),
      blackouts: state.blackouts,
      services: options.views(),
      sdks: options.fleets(),
    }),
  };
}
