import { defaultTiers, resolveProfile } from '../slo/profiles.ts';
import { windowMinutes } from '../slo/slo.ts';
import { annotation, type OpenSloDocument } from './imported.ts';

/** Period of the standard profile, days. */
const usualDays = 30;

/**
 * The SRE Workbook's tiers for an SLO of `days`: those of `kept` alone where a tool alerts by one kind, without those that
 * its objective can never reach or its period cannot hold. Null when these are the standard ones, which need no document.
 */
export function burnProfileFor(
  days: number,
  objective: number,
  kept: 'page' | 'ticket' | null = null,
): OpenSloDocument | null {
  const largest = 1 / (1 - objective);
  const { tiers: resolved } = resolveProfile('', defaultTiers, days * 1440);
  const tiers = resolved.filter(
    ({ tier, long, factor }) =>
      (kept === null || tier.startsWith(kept)) && factor < largest && windowMinutes[long] <= days * 1440,
  );
  if (tiers.length === 0 || (tiers.length === defaultTiers.length && days === usualDays)) return null;
  const whole = defaultTiers.filter(({ tier }) => kept === null || tier.startsWith(kept)).length === tiers.length;
  const head = whole ? (kept ? `${kept}s` : 'workbook') : tiers.map(({ tier }) => tier).join('-');
  return {
    apiVersion: 'firebreak/v1',
    kind: 'BurnProfile',
    metadata: { name: `${head}-${days}d`, displayName: `${tiers.map(({ tier }) => tier).join(', ')}, ${days} days` },
    spec: { period: `${days}d`, tiers: tiers.map(({ tier, long, short, share }) => ({ tier, long, short, share })) },
  };
}

/** The annotation that names a profile; none for the standard one. */
export function profileAnnotation(profile: OpenSloDocument | null): Record<string, string> {
  return profile ? { [annotation('burn-profile')]: profile.metadata.name } : {};
}
