import type { UnleashRead, UnleashWitness, UnleashWrite } from '#app/clients/unleash/port.ts';
import { effectiveExposure } from '#app/domain/flag/exposure.ts';
import type { FlagEnvironmentState, FlagStrategy } from '#app/domain/flag/flag.ts';
import { flagInUnleash } from '#test/support/flags.ts';

/** One flag in memory, with the ports that the console reads and writes Unleash by; every write is counted. */
export function fakeUnleash(flag: string, environment: string, now: () => number) {
  let state: FlagEnvironmentState = { flag, environment, enabled: false, strategies: [] };
  let revision = 1;
  let ids = 0;
  const writes: string[] = [];
  const shares: { at: number; percent: number }[] = [];
  const set = (next: FlagEnvironmentState, what: string) => {
    state = next;
    revision++;
    shares.push({ at: now(), percent: effectiveExposure(state).percent });
    writes.push(`${what}: ${effectiveExposure(state).text}`);
  };
  const whole = () => flagInUnleash(flag, { environments: [state] });
  const read: UnleashRead = {
    flags: async () => [whole()],
    flag: async () => whole(),
    archived: async () => [],
    events: async () => [],
    usage: async () => [],
    hours: async () => [],
    fleet: async () => {
      throw new Error('no fleet');
    },
    served: async () => ({ revision, features: [{ name: flag, ...state }], segments: [] }),
  };
  const write: UnleashWrite = {
    async setEnabled(_flag, _environment, enabled) {
      set({ ...state, enabled }, enabled ? 'on' : 'off');
    },
    async addStrategy(_flag, _environment, strategy) {
      const added = { ...strategy, id: `s${++ids}` } as FlagStrategy;
      set({ ...state, strategies: [...state.strategies, added] }, 'add');
      return added;
    },
    async updateStrategy(_flag, _environment, strategy) {
      const strategies = state.strategies.map((one) => (one.id === strategy.id ? strategy : one));
      set({ ...state, strategies }, 'update');
    },
    async removeStrategy(_flag, _environment, id) {
      set({ ...state, strategies: state.strategies.filter((one) => one.id !== id) }, 'remove');
    },
  };
  const witness: UnleashWitness = {
    evaluate: () => state.enabled,
    seenAt: () => null,
    start: async () => undefined,
    stop: async () => undefined,
  };
  return {
    read,
    write,
    witness,
    writes,
    /** The share of people after each write. */
    shares,
    state: () => state,
    /** Share of people that get it now. */
    percent: () => effectiveExposure(state).percent,
    /** The share then. */
    percentAt: (at: number) => shares.findLast((one) => one.at <= at)?.percent ?? 0,
    /** Somebody turns it by hand. */
    byHand: (next: Partial<FlagEnvironmentState>) => {
      state = { ...state, ...next };
      revision++;
    },
    whole,
  };
}
