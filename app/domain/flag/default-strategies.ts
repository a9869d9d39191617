import { z } from 'zod';
import { describeStrategy } from './exposure.ts';
import type { FlagEnvironmentState, FlagStrategy } from './flag.ts';
import { readVariantShares, weightedVariants } from './variant-shares.ts';

/** A strategy that a flag begins with in an environment, as Unleash will store it. */
export type DefaultStrategy = Omit<FlagStrategy, 'id'>;

const operators = [
  ...['IN', 'NOT_IN', 'STR_STARTS_WITH', 'STR_ENDS_WITH', 'STR_CONTAINS'],
  ...['NUM_EQ', 'NUM_GT', 'NUM_GTE', 'NUM_LT', 'NUM_LTE', 'DATE_AFTER', 'DATE_BEFORE'],
  ...['SEMVER_EQ', 'SEMVER_GT', 'SEMVER_GTE', 'SEMVER_LT', 'SEMVER_LTE', 'REGEX', 'IN_CIDR'],
] as const;

const ofLists = /^(IN|NOT_IN|STR_\w+|IN_CIDR)$/;

const constraint = z
  .strictObject({
    contextName: z.string().min(1).max(100),
    operator: z.enum(operators),
    values: z.array(z.string()).min(1).max(250).optional(),
    value: z.string().min(1).optional(),
    inverted: z.boolean().optional(),
    caseInsensitive: z.boolean().optional(),
  })
  .superRefine(({ operator, values, value }, issues) => {
    const wanted = ofLists.test(operator) ? 'values' : 'value';
    if ((wanted === 'values' ? values : value) !== undefined) return;
    const hint = wanted === 'values' ? 'Write values: ["…"].' : 'Write value: "…".';
    const message = `"${wanted}" is missing: ${operator} compares with ${wanted === 'values' ? 'a list' : 'one value'}.`;
    issues.addIssue({ code: 'custom', path: [wanted], message, params: { hint } });
  });

const percent = 'A rollout is a whole number of percent from 0 to 100.';

const strategy = z.strictObject({
  rollout: z.number().int(percent).min(0, percent).max(100, percent),
  stickiness: z.string().min(1).max(100).optional(),
  groupId: z.string().min(1).max(100).optional(),
  title: z.string().max(200).optional(),
  constraints: z.array(constraint).max(30).optional(),
  variants: z
    .string()
    .superRefine((text, issues) => {
      const read = readVariantShares(text);
      if ('problem' in read) issues.addIssue({ code: 'custom', message: read.problem });
    })
    .optional(),
});

/** The strategies of a flag's file: gradual rollouts with Unleash's own names for what belongs to them. */
export const defaultStrategiesSchema = z.array(strategy).min(1).max(30);

/** Declared strategies as Unleash stores them; those without a group are counted in the flag's own. */
export function defaultStrategies(declared: z.output<typeof defaultStrategiesSchema>, flag: string): DefaultStrategy[] {
  return declared.map(({ rollout, stickiness = 'default', groupId = flag, title, constraints = [], variants }) => {
    const read = variants === undefined ? null : readVariantShares(variants);
    const sticky = stickiness === 'random' ? 'default' : stickiness;
    return {
      name: 'flexibleRollout',
      title: title ?? null,
      disabled: false,
      parameters: { rollout: String(rollout), stickiness, groupId },
      constraints,
      segments: [],
      variants: read && 'shares' in read ? weightedVariants(read.shares, [], sticky) : [],
    };
  });
}

/** "10 % of users by userId, or everyone where country is DK". */
export function defaultWords(strategies: readonly DefaultStrategy[]): string {
  return strategies.map((one) => describeStrategy({ id: '', ...one })).join(', or ');
}

/** True where the declared strategies can be added without giving the flag to anybody: it is off, and has none yet. */
export function mayBegin({ enabled, strategies }: Pick<FlagEnvironmentState, 'enabled' | 'strategies'>): boolean {
  return !enabled && strategies.length === 0;
}
