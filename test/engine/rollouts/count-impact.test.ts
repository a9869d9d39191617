import { expect, test } from 'vitest';
import type { Catalog } from '#app/domain/catalog.ts';
import type { ImpactWatch } from '#app/domain/rollout/impact.ts';
import type { RolloutPlan } from '#app/domain/rollout/plan.ts';
import { countImpact } from '#app/engine/rollouts/count-impact.server.ts';
import { bakingRollout } from '#test/support/pages/rollouts.ts';
import { catalogOf } from '../harness.ts';

const now = Date.UTC(2026, 10, 22, 3);

/** A plan whose one stage is guarded by these counters. */
function planOf(...totals: string[]): RolloutPlan {
  const guards = totals.map((total) => ({
    source: { kind: 'impact' as const, name: 'failed', total, bad: 'failed', under: 0.1 },
    over: null,
    judge: 'cohort' as const,
  }));
  const stage = { percent: 5, hold: 600_000, guards, minRequests: 1, window: { short: 5, long: 60 }, approve: [] };
  return { stages: [stage], backTo: 'start', resume: 'by-person', shadow: false };
}

/** One turn: what was asked of Unleash, what was watched, and what failed. */
async function turn(part: {
  declared?: RolloutPlan;
  standing?: RolloutPlan;
  /** One that is drawn up only, and how long ago, ms. */
  drawn?: { plan: RolloutPlan; ago: number };
  read?: () => Promise<[]>;
  many?: boolean;
}) {
  const told = { asked: [] as string[][], watched: [] as ImpactWatch[], failed: [] as string[] };
  const base = catalogOf([]);
  const catalog: Catalog = {
    ...base,
    flags: base.flags.map((flag) => (part.declared ? { ...flag, rollout: part.declared } : flag)).slice(0, 1),
  };
  const task = countImpact({
    clock: { now: () => now },
    catalog: async () => catalog,
    rollouts: {
      moving: async () => (part.standing ? [bakingRollout(now, { plan: part.standing })] : []),
      list: async () => {
        const { plan, ago } = part.drawn ?? {};
        return plan ? [bakingRollout(now, { plan, state: 'draft', openedAt: now - ago! })] : [];
      },
    },
    observations: {
      failed: async (_source, _key, error) => {
        told.failed.push(error);
      },
    },
    unleash: {
      async counters(metrics) {
        told.asked.push([...metrics]);
        return (await part.read?.()) ?? [];
      },
    },
    impact: {
      async take(_reading, watches) {
        told.watched.push(...watches);
        return part.many ?? false;
      },
    },
  });
  await task.run(AbortSignal.timeout(1_000));
  return told;
}

test('what a file declares is counted before anything stands, and what stands although its file changed', async () => {
  expect(await turn({ declared: planOf('answers') })).toEqual({
    asked: [['answers', 'failed']],
    watched: [{ flag: 'voiceover-v2', environment: 'production', metrics: ['answers', 'failed'] }],
    failed: [],
  });
  const both = await turn({ declared: planOf('answers'), standing: planOf('orders', 'answers') });
  expect(both.asked).toEqual([['answers', 'failed', 'orders']]);
  expect(both.watched).toHaveLength(1);
});

test('where no plan counts impact metrics Unleash is not asked', async () => {
  expect(await turn({})).toEqual({ asked: [], watched: [], failed: [] });
  expect((await turn({ declared: planOf() })).asked).toEqual([]);
});

test('a failure is kept, and so is that several instances answer', async () => {
  const read = () => Promise.reject(new Error('Unleash answered 401'));
  expect((await turn({ declared: planOf('answers'), read })).failed).toEqual(['Unleash answered 401']);
  const [words] = (await turn({ declared: planOf('answers'), many: true })).failed;
  expect(words).toContain('several instances of Unleash');
});

test('what is drawn up is counted before it starts, and no more once it was left lying', async () => {
  const drawn = (ago: number) => turn({ drawn: { plan: planOf('answers'), ago } });
  expect((await drawn(60_000)).asked).toEqual([['answers', 'failed']]);
  expect((await drawn(2 * 86_400_000)).asked).toEqual([]);
});
