import type { Unleash } from 'unleash-client';
import { expect, test } from 'vitest';
import { createImpactCounts } from '#simulator/world/impact-counts.ts';
import { shop } from '../support/studio.ts';

const guard = {
  source: { kind: 'impact' as const, name: 'failed', total: 'answers', bad: 'failed', under: 0.02 },
  over: null,
  judge: 'cohort' as const,
};
const stage = { percent: 25, hold: 600_000, minRequests: 1, window: { short: 5, long: 60 }, approve: [] };
const plan = { backTo: 'start', resume: 'by-person', shadow: false } as const;
const flags = shop.flags.map((flag) => ({ ...flag, rollout: { ...plan, stages: [{ ...stage, guards: [guard] }] } }));

/** An instance whose flag answers on for `user-1` alone. */
function instance() {
  const counted: string[] = [];
  const sdk = {
    forceGetVariant: (_flag: string, { userId }: { userId: string }) => ({ feature_enabled: userId === 'user-1' }),
    impactMetrics: {
      defineCounter: (name: string) => counted.push(`define ${name}`),
      incrementCounter: (name: string, value: number, { context }: { context: { userId: string } }) =>
        counted.push(`${name} +${value} of ${context.userId}`),
    },
  } as unknown as Unleash;
  return { sdk, counted };
}
const cell = (enabled: boolean, codeClass: string, count: number) => ({
  ...{ revision: 'r1', flag: 'one-click', enabled, codeClass, count },
});

test('requests are counted with somebody whom the flag answers so', () => {
  const { sdk, counted } = instance();
  const impact = createImpactCounts(flags);
  impact.define(sdk);
  impact.saw('user-1', new Set(['one-click']));
  impact.saw('user-2', new Set());
  impact.add(sdk, [cell(true, '5xx', 3), cell(false, '2xx', 50)]);
  expect(counted).toEqual([
    'define answers',
    'define failed',
    'answers +3 of user-1',
    'failed +3 of user-1',
    'answers +50 of user-2',
  ]);
});

test('whom the flag answers otherwise by now counts nothing, nor does an answer nobody was given', () => {
  const { sdk, counted } = instance();
  const impact = createImpactCounts(flags);
  impact.saw('user-2', new Set(['one-click']));
  impact.add(sdk, [cell(true, '5xx', 3), cell(false, '2xx', 50)]);
  expect(counted).toEqual([]);
});

test('a plan without impact metrics has no counters', () => {
  const { sdk, counted } = instance();
  createImpactCounts(shop.flags).define(sdk);
  expect(counted).toEqual([]);
});
