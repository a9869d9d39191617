import { z } from 'zod';
import type { TierShare } from '../slo/profiles.ts';
import { tiers, windowMinutes, windowNames } from '../slo/slo.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import { durationMinutes, parseDuration } from './duration.ts';
import { metadata } from './schemas.ts';

const schema = z.strictObject({
  apiVersion: z.literal('firebreak/v1'),
  kind: z.literal('BurnProfile'),
  metadata,
  spec: z.strictObject({
    description: z.string().optional(),
    period: z.string(),
    tiers: z.array(
      z.strictObject({
        tier: z.enum(tiers),
        long: z.enum(windowNames),
        short: z.enum(windowNames),
        share: z.number(),
        factor: z.number().optional(),
      }),
    ),
  }),
});

/** A burn profile as declared: without factors, which follow from share, window and period. */
export interface BurnProfileDeclaration {
  name: string;
  /** Period the profile is made for, minutes. */
  periodMinutes: number;
  /** From most to least urgent. */
  tiers: TierShare[];
}

/** A BurnProfile document; null when it has errors, which are reported. */
export function readBurnProfile(source: SourceDocument, report: Reporter): BurnProfileDeclaration | null {
  const document = validate(schema, source, report);
  if (!document) return null;
  const { spec } = document;
  const duration = parseDuration(spec.period);
  const periodMinutes = duration ? durationMinutes(duration) : null;
  if (periodMinutes === null)
    report.error(['spec', 'period'], `"${spec.period}" is not a fixed length of time.`, 'Write days, such as 30d.');
  if (spec.tiers.length === 0) report.error(['spec', 'tiers'], 'A profile without tiers never alerts.');
  for (const [index, tier] of spec.tiers.entries()) {
    const at = (key: string) => ['spec', 'tiers', index, key];
    if (spec.tiers.findIndex((other) => other.tier === tier.tier) !== index)
      report.error(at('tier'), `Tier "${tier.tier}" stands here twice.`);
    if (windowMinutes[tier.short] >= windowMinutes[tier.long])
      report.error(at('short'), `The short window (${tier.short}) must be shorter than the long one (${tier.long}).`);
    if (!(tier.share > 0 && tier.share <= 1))
      report.error(at('share'), '"share" is a part of the budget, over 0 and at most 1.', 'For 2 % write 0.02.');
    const factor = periodMinutes === null ? null : (tier.share * periodMinutes) / windowMinutes[tier.long];
    if (tier.factor !== undefined && factor !== null && Math.abs(tier.factor - factor) > factor * 1e-3)
      report.error(
        at('factor'),
        `A share of ${tier.share} in ${tier.long} of ${spec.period} is ${Number(factor.toFixed(4))}×, not ${tier.factor}×.`,
        'Leave out "factor": it follows from the share.',
      );
    if (periodMinutes !== null && windowMinutes[tier.long] > periodMinutes)
      report.error(at('long'), `The long window (${tier.long}) is longer than the period (${spec.period}).`);
  }
  if (report.failed || periodMinutes === null) return null;
  const shares = spec.tiers.map(({ factor: _, ...share }) => share);
  const ordered = shares.sort((a, b) => tiers.indexOf(a.tier) - tiers.indexOf(b.tier));
  return { name: document.metadata.name, periodMinutes, tiers: ordered };
}
