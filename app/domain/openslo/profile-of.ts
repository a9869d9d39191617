import { defaultProfile, periodMinutes, resolveProfile } from '../slo/profiles.ts';
import type { BurnProfile, Slo } from '../slo/slo.ts';
import type { BurnProfileDeclaration } from './burn-profile.ts';

/**
 * The burn profile of an SLO with the factors of its period. Without one it takes the declared `default`, else the SRE
 * Workbook's four tiers; null when it names one that nobody declares.
 */
export function profileOf(
  { profile, period }: Pick<Slo, 'profile' | 'period'>,
  declared: readonly BurnProfileDeclaration[],
): BurnProfile | null {
  const found = declared.find(({ name }) => name === profile);
  if (found) return resolveProfile(found.name, found.tiers, periodMinutes(period));
  return profile === 'default' ? defaultProfile(period) : null;
}
