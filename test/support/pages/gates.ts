import type { Freeze } from '#app/domain/freeze/freeze.ts';
import type { ApprovalRequest, BrokenGlass } from '#app/domain/run/approval.ts';
import type { StepGate } from '#app/domain/run/gate-offers.ts';
import type { Run } from '#app/domain/run/run.ts';
import { AppError } from '#app/errors.ts';
import type { FreezeStore } from '#app/stores/freezes.server.ts';
import type { RunGateStore } from '#app/stores/run/run-gates.ts';
import type { Told } from './stores.ts';

/** What stands between changes and their effect in the world of the page tests. */
export interface GateWorld {
  /** By step id, of any run. */
  gates?: Record<string, StepGate>;
  asked?: ApprovalRequest[];
  glass?: BrokenGlass[];
  freezes?: Freeze[];
}

/** The gates of a test world; decisions are told and change nothing. */
export function fakeGates(world: GateWorld & { runs: Run[] }, told: Told): RunGateStore {
  const tell = (what: string) => async (input: object) => {
    told.push({ what, with: input });
    if ('hash' in input && input.hash === 'hash-old') throw new AppError('plan_stale');
  };
  return {
    gates: async (run) =>
      Object.fromEntries(Object.entries(world.gates ?? {}).filter(([step]) => run.steps.some(({ id }) => id === step))),
    waitingApprovals: async () =>
      (world.asked ?? []).flatMap((request) => {
        const run = world.runs.find(({ id }) => id === request.runId);
        const gate = world.gates?.[request.stepId]?.gate;
        return run && gate && request.endedAt === null ? [{ request, run, gate }] : [];
      }),
    approvalRequests: async (query) =>
      (world.asked ?? []).filter((one) =>
        'runId' in query ? one.runId === query.runId : one.requester.email === query.requester,
      ),
    brokenGlass: async (query) =>
      (world.glass ?? []).filter((one) => (query === 'owed' ? one.signedAt === null : one.runId === query.runId)),
    approve: tell('approve'),
    reject: tell('reject'),
    withdraw: tell('withdraw'),
    breakGlass: tell('breakGlass'),
    signOff: tell('signOff'),
  };
}

/** The freezes of a test world. */
export function fakeFreezes(world: GateWorld, told: Told): FreezeStore {
  const over = ({ endedAt, span }: Freeze, at: number) =>
    (endedAt !== null && endedAt <= at) || (span.kind === 'once' && span.until <= at);
  return {
    standing: async (at) => (world.freezes ?? []).filter((freeze) => !over(freeze, at)),
    past: async (at) => (world.freezes ?? []).filter((freeze) => over(freeze, at)),
    make: async (wanted, by) => {
      told.push({ what: 'freeze', with: { ...wanted, by: by.actor.email } });
      return 'freeze-new';
    },
    end: async (id, by) => {
      told.push({ what: 'endFreeze', with: { id, by: by.actor.email } });
      return (world.freezes ?? []).some((freeze) => freeze.id === id && freeze.endedAt === null);
    },
  };
}
