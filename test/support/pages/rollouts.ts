import type { Rollout, RolloutEntry } from '#app/domain/rollout/rollout.ts';
import { isEnded } from '#app/domain/rollout/transitions.ts';
import type { RolloutStore } from '#app/stores/rollout/rollouts.server.ts';

/** The rollouts of a world. */
export interface RolloutWorld {
  /** Rollouts by the run that is a step of them. */
  rolloutOfRun?: Record<string, string>;
  now: number;
  /** One that is watched, unless said. */
  rollouts?: Rollout[];
  rolloutEntries?: RolloutEntry[];
}

const minute = 60_000;

/** A rollout of a flag at its second stage, watched, as a world has it. */
export function bakingRollout(now: number, part: Partial<Rollout> = {}): Rollout {
  const linus = { email: 'linus@studio.example', name: 'Linus', role: 'product' as const, teams: ['voice'] };
  const stage = (percent: number) => ({
    percent,
    hold: 30 * minute,
    guards: [
      { source: { kind: 'slo' as const, slo: 'voiceover-availability' }, over: null, judge: 'service' as const },
    ],
    minRequests: 100,
    window: { short: 5, long: 60 },
    approve: [],
  });
  const figures = { bad: 1, total: 9_000, burn: 0.11, known: 10, minutes: 10 };
  const guard = 'voiceover-availability';
  const text = 'Burns 0.1× over 10 min, under 14.4×: 1 of 9,000 failed.';
  return {
    id: 'rollout-1',
    subject: { kind: 'flag', flag: 'voiceover-v2', environment: 'production' },
    target: 'flag/production/voiceover-v2',
    service: 'voiceover',
    title: 'voiceover-v2 in production',
    plan: { stages: [stage(1), stage(25), stage(100)], backTo: 'start', resume: 'by-person', shadow: false },
    shadow: false,
    state: 'baking',
    stateSince: now - 10 * minute,
    stage: 1,
    backTries: 1,
    epoch: 7,
    held: null,
    effectAt: now - 14 * minute,
    verdict: {
      kind: 'pass',
      at: now,
      guards: [
        {
          guard,
          kind: 'pass',
          text,
          over: 14.4,
          short: { ...figures, minutes: 5 },
          long: figures,
          dataTo: now - minute,
        },
      ],
    },
    openedBy: linus,
    openedAt: now - 90 * minute,
    actsFor: linus,
    approvals: {},
    endedAt: null,
    ...part,
  };
}

/** A fake rollout store over a world: reads answer from it, writes are remembered. */
export function fakeRollouts(world: RolloutWorld, told: { what: string; with: unknown }[]): RolloutStore {
  const all = world.rollouts ?? [bakingRollout(world.now)];
  return {
    get: async (id) => all.find((each) => each.id === id) ?? null,
    list: async ({ target, service, open, limit }) =>
      all
        .filter((each) => target === undefined || each.target === target)
        .filter((each) => service === undefined || each.service === service)
        .filter((each) => open === undefined || isEnded(each.state) !== open)
        .slice(0, limit),
    entries: async () => world.rolloutEntries ?? [],
    runs: async () => [],
    ofRun: async (runId) => all.find(({ id }) => id === world.rolloutOfRun?.[runId]) ?? null,
    draw: async (rollout) => {
      told.push({ what: 'draw', with: rollout });
      return 'rollout-new';
    },
    decide: async (input) => {
      told.push({ what: 'decide', with: input });
    },
  };
}
