import type { ServedConstraint, ServedFeature, ServedFeatures } from './features.ts';

/** Who asks without saying who: what a rollout sticks to by default. */
const usual = ['userId', 'sessionId'];
const fieldOf: Record<string, string> = {
  userWithId: 'userId',
  gradualRolloutUserId: 'userId',
  gradualRolloutSessionId: 'sessionId',
  remoteAddress: 'remoteAddress',
};

/**
 * The context fields that an answer for this flag depends on, its parents and segments included: whatever else a context
 * has, the answer is the same. `userId` and `sessionId` first; `currentTime` where a date counts.
 */
export function askedFields({ features, segments }: ServedFeatures, flag: string): string[] {
  const asked = new Set<string>();
  const stickTo = (field: string | undefined | null) => {
    for (const each of !field || field === 'default' ? usual : field === 'random' ? [] : [field]) asked.add(each);
  };
  const compare = (constraints: readonly ServedConstraint[] | null | undefined) => {
    for (const { contextName, operator } of constraints ?? [])
      asked.add(operator.startsWith('DATE_') ? 'currentTime' : contextName);
  };
  const look = (feature: ServedFeature | undefined) => {
    for (const strategy of feature?.strategies ?? []) {
      compare(strategy.constraints);
      for (const id of strategy.segments ?? []) compare(segments.get(id)?.constraints);
      if (strategy.name === 'flexibleRollout') stickTo(strategy.parameters?.stickiness as string | undefined);
      if (fieldOf[strategy.name]) asked.add(fieldOf[strategy.name]!);
      if (strategy.variants?.length) stickTo(strategy.variants[0]?.stickiness);
    }
    for (const variant of feature?.variants ?? []) {
      stickTo(variant.stickiness);
      for (const { contextName } of variant.overrides ?? []) asked.add(contextName);
    }
  };
  look(features.get(flag));
  for (const { feature } of features.get(flag)?.dependencies ?? []) look(features.get(feature));
  return [...usual.filter((field) => asked.has(field)), ...[...asked].filter((field) => !usual.includes(field)).sort()];
}
