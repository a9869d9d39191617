import { faultySystems } from '#app/domain/rehearsal/faults.ts';
import type { FaultKind, Faults, SystemName } from './world/seams.ts';

/** No fault on any system; `draw` gives numbers in [0, 1) for faults that hit only a share of the requests. */
export function createFaults(draw: () => number = Math.random): Faults {
  const state = Object.fromEntries(faultySystems.map((system) => [system, { kind: 'none', share: 1 }])) as Record<
    SystemName,
    { kind: FaultKind; share: number }
  >;
  return {
    check(system) {
      const { kind, share } = state[system];
      return kind !== 'none' && (share >= 1 || draw() < share) ? kind : 'none';
    },
    set(system, kind, share = 1) {
      state[system] = { kind, share };
    },
    all: () => structuredClone(state),
  };
}
