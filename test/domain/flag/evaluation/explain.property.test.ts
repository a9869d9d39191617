import fc from 'fast-check';
import { Strategy } from 'unleash-client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { meets } from '#app/domain/flag/evaluation/constraint.ts';
import { readContext } from '#app/domain/flag/evaluation/context.ts';
import { type Explanation, explain } from '#app/domain/flag/evaluation/explain.ts';
import { readFeatures } from '#app/domain/flag/evaluation/features.ts';
import { anyConstraint, anyContext, anyDocument } from './documents.ts';
import { sdkOver } from './sdk.ts';

// The SDK takes the machine's name when it is loaded.
const host = vi.hoisted(() => {
  process.env.HOSTNAME = 'here';
  return 'here';
});
const now = Date.parse('2026-01-01T18:00:00Z');
const sdk = sdkOver();

beforeAll(() => {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  // Dice that repeat themselves: what fails today fails tomorrow.
  let dice = 12_345;
  vi.spyOn(Math, 'random').mockImplementation(() => {
    dice = (Math.imul(dice, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (dice >>> 8) / 0x800000;
  });
});
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function ours(document: unknown, flag: string, asked: unknown): Explanation {
  const { served, problems } = readFeatures(JSON.stringify(document), 'features.json', flag);
  const { context } = readContext(JSON.stringify(asked), 'context.json');
  expect(problems).toEqual([]);
  return explain(served!, flag, { context: context!, now, host })!;
}

/** True when the SDK answers differently from request to request. */
function varies(answer: () => unknown): boolean {
  const seen = new Set<string>();
  for (let i = 0; i < 20_000 && seen.size < 2; i++) seen.add(JSON.stringify(answer()));
  return seen.size > 1;
}

const flags = ['child', 'parent', 'grandchild'];

test('answers as the real SDK does, and says unknown only where the SDK throws dice', () => {
  const tally = { on: 0, off: 0, variant: 0, unknown: 0 };
  const judge = (document: unknown, flag: string, context: unknown) => {
    const answer = ours(document, flag, context);
    const theirs = () => sdk.ask(document, flag, context);
    const once = theirs();
    expect(answer.reasons.length).toBeGreaterThan(0);
    tally[answer.enabled === null ? 'unknown' : answer.enabled ? 'on' : 'off']++;
    if (answer.enabled === null) {
      expect(answer.share).toBeGreaterThan(0);
      expect(answer.share).toBeLessThan(100);
      if (answer.share! > 2 && answer.share! < 98) expect(varies(() => theirs().enabled)).toBe(true);
      return;
    }
    expect(once.enabled).toBe(answer.enabled);
    if (answer.variant?.enabled) tally.variant++;
    if (answer.variant) expect(once.variant).toEqual(answer.variant);
    else expect(varies(() => theirs().variant)).toBe(true);
  };
  fc.assert(
    fc.property(anyDocument, anyContext, (anything, anybody) => {
      const [document, context] = JSON.parse(JSON.stringify([anything, anybody])) as [unknown, unknown];
      for (const flag of flags) judge(document, flag, context);
    }),
    { numRuns: 2000, seed: 20_260_101 },
  );
  // Without these the property would say little.
  for (const count of Object.values(tally)) expect(count).toBeGreaterThan(200);
});

test('judges every constraint as the real SDK does', () => {
  const theirs = new Strategy('any');
  const seen = new Map<string, Set<boolean>>();
  fc.assert(
    fc.property(anyConstraint, anyContext, (constraint, anybody) => {
      const context = JSON.parse(JSON.stringify(anybody));
      const met = meets(constraint as never, { context, now, host });
      expect(met).toBe(theirs.checkConstraint(constraint as never, context));
      if (!constraint.inverted)
        seen.set(constraint.operator as string, (seen.get(constraint.operator as string) ?? new Set()).add(met));
    }),
    { numRuns: 12_000, seed: 20_260_102 },
  );
  expect(seen.size).toBe(20);
  for (const [operator, answers] of seen)
    expect([operator, answers.size]).toEqual([operator, operator === 'NEVER_HEARD_OF' ? 1 : 2]);
});

test('counts the share of random answers as the real SDK throws them', () => {
  const strategy = (over: object) => ({
    name: 'flexibleRollout',
    parameters: { rollout: '30', stickiness: 'random' },
    ...over,
  });
  const flag = (name: string, strategies: unknown[], over: object = {}) => ({
    name,
    enabled: true,
    strategies,
    ...over,
  });
  const document = {
    features: [
      flag('one', [strategy({})]),
      flag('two', [strategy({}), { name: 'gradualRolloutRandom', parameters: { percentage: '50' } }]),
      flag('child', [strategy({ parameters: { rollout: '50' } })], {
        dependencies: [{ feature: 'one', enabled: false }],
      }),
    ],
  };
  for (const [name, share] of [
    ['one', 30],
    ['two', 65],
    ['child', 35],
  ] as const) {
    expect(ours(document, name, {})).toMatchObject({ enabled: null, variant: null, share });
    let on = 0;
    for (let i = 0; i < 20_000; i++) if (sdk.ask(document, name, {}).enabled) on++;
    expect(Math.abs(on / 200 - share)).toBeLessThan(2);
  }
});
