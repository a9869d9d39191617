import type { Declared } from '../domain/openslo/alerts.ts';
import { type BurnProfileDeclaration, nominalMinutes, resolveProfile } from '../domain/openslo/burn-profile.ts';
import type { BurnProfile, Slo } from '../domain/slo/slo.ts';
import { didYouMean } from '../domain/yaml/nearest.ts';
import type { Reporter } from '../domain/yaml/validate.ts';
import { annotation } from './references.ts';

/** The profile of the SRE Workbook, in force where a catalog declares no profile named `default`. */
export const builtInProfile: BurnProfileDeclaration = {
  name: 'default',
  periodMinutes: 30 * 1440,
  tiers: [
    { tier: 'page-fast', long: '1h', short: '5m', share: 0.02 },
    { tier: 'page-slow', long: '6h', short: '30m', share: 0.05 },
    { tier: 'ticket-fast', long: '1d', short: '2h', share: 0.1 },
    { tier: 'ticket-slow', long: '3d', short: '6h', share: 0.1 },
  ],
};

/**
 * The burn profile of one SLO, resolved for its period, with what is wrong about it. An unknown name falls back to the
 * default profile: a typing error must not switch the alert off.
 */
export function profileOf(
  { value: slo }: Declared<Slo>,
  profiles: ReadonlyMap<string, BurnProfileDeclaration>,
  report: Reporter,
): BurnProfile {
  const path = annotation('burn-profile');
  const fallback = profiles.get('default') ?? builtInProfile;
  const declared = slo.profile === 'default' ? fallback : profiles.get(slo.profile);
  if (!declared)
    report.error(path, `There is no burn profile "${slo.profile}".`, didYouMean(slo.profile, [...profiles.keys()]));
  const profile = declared ?? fallback;
  const minutes = nominalMinutes(slo.period);
  if (declared && declared !== builtInProfile && profile.periodMinutes !== minutes)
    report.error(
      path,
      `Burn profile "${profile.name}" is made for ${profile.periodMinutes / 1440} days, the SLO's period has ${minutes / 1440}.`,
      'Name a profile of the same period, or declare one.',
    );
  const resolved = resolveProfile(profile, minutes);
  const most = 1 / (1 - slo.objective);
  for (const tier of resolved.tiers) {
    // The same tolerance as the alert's own comparison, so that 1/B itself counts as reached.
    if (tier.factor < most * (1 - 1e-9)) continue;
    report.error(
      path,
      `Tier ${tier.tier} of "${profile.name}" can never fire: it asks for ${short(tier.factor)}×, and at an objective of ${short(slo.objective * 100)} % a total outage burns ${short(most)}×.`,
      'Use a profile with smaller shares, or a stricter objective.',
    );
  }
  return resolved;
}

const short = (value: number) => String(Number(value.toPrecision(6)));
