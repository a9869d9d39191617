import { variantBucket } from './bucket.ts';
import { contextText, type EvaluationContext } from './context.ts';
import type { ServedVariant } from './features.ts';
import { quote } from './strategy.ts';

/** A variant that may come, null for none; the chances of all that may come add up to 1. */
export interface Choice {
  variant: ServedVariant | null;
  chance: number;
}

/** Chooses among variants as the Node SDK does, and says why. `group` is what the place is drawn in: a group id or a flag's name. */
export function choose(
  variants: readonly ServedVariant[],
  group: string,
  stickiness: string,
  context: EvaluationContext,
): { choices: Choice[]; why: string } {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) return { choices: [{ variant: null, chance: 1 }], why: 'none: no variant has a weight' };
  const named = variants.find(({ overrides }) =>
    overrides?.some(({ contextName, values }) => values.some((value) => value === contextText(context, contextName))),
  );
  if (named) return { choices: [{ variant: named, chance: 1 }], why: `${named.name}, given to this context by name` };
  const seed = seedOf(context, stickiness);
  if (!seed) return byChance(variants, total, stickiness);
  const place = variantBucket(seed.value, group, total);
  let upTo = 0;
  const found = variants.find(({ weight }) => {
    upTo += weight;
    return weight !== 0 && upTo >= place;
  });
  const where = `place ${place} of ${total} for ${seed.field} ${quote(seed.value)}`;
  if (!found) return { choices: [{ variant: null, chance: 1 }], why: `none: ${where}` };
  return {
    choices: [{ variant: found, chance: 1 }],
    why: `${found.name}, ${where}, which is > ${upTo - found.weight} and ≤ ${upTo}`,
  };
}

function byChance(variants: readonly ServedVariant[], total: number, stickiness: string) {
  const weighty = variants.filter(({ weight }) => weight > 0);
  const choices = weighty.map((variant) => ({ variant, chance: variant.weight / total }));
  if (weighty.length === 1) return { choices, why: `${weighty[0]!.name}, the only one with a weight` };
  const missing = stickiness === 'default' ? 'userId, sessionId or remoteAddress' : stickiness;
  const shares = choices.map(({ variant, chance }) => `${variant.name} ${Math.round(chance * 10_000) / 100} %`);
  const shown = shares.length > 10 ? `${shares.slice(0, 10).join(', ')}, …` : shares.join(', ');
  const how = stickiness === 'random' ? 'random per request' : `random per request, as the context has no ${missing}`;
  return { choices, why: `unknown: ${how}: about ${shown}` };
}

function seedOf(context: EvaluationContext, stickiness: string): { field: string; value: string } | null {
  const fields = stickiness === 'default' ? ['userId', 'sessionId', 'remoteAddress'] : [stickiness];
  for (const field of fields) {
    const value =
      stickiness === 'default' ? (context[field] as string | null | undefined) : contextText(context, field);
    if (value) return { field, value };
  }
  return null;
}
