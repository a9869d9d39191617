import type { Declared } from '../domain/openslo/alerts.ts';
import type { BurnProfileDeclaration } from '../domain/openslo/burn-profile.ts';
import { defaultProfile, periodMinutes, profileProblems, resolveProfile } from '../domain/slo/profiles.ts';
import type { BurnProfile, Slo } from '../domain/slo/slo.ts';
import { didYouMean } from '../domain/yaml/nearest.ts';
import type { Reporter } from '../domain/yaml/validate.ts';
import { annotation } from './references.ts';

/**
 * The burn profile of one SLO, resolved for its period, with what is wrong about it. An unknown name falls back to the
 * default profile: a typing error must not switch the alert off. Where no file declares `default`, the SRE Workbook's
 * four tiers are in force.
 */
export function profileOf(
  { value: slo }: Declared<Slo>,
  profiles: ReadonlyMap<string, BurnProfileDeclaration>,
  report: Reporter,
): BurnProfile {
  const path = annotation('burn-profile');
  const named = profiles.get(slo.profile);
  if (!named && slo.profile !== 'default')
    report.error(path, `There is no burn profile "${slo.profile}".`, didYouMean(slo.profile, [...profiles.keys()]));
  const declared = named ?? profiles.get('default');
  const asDeclared = declared && resolveProfile(declared.name, declared.tiers, declared.periodMinutes);
  for (const problem of profileProblems(asDeclared ?? defaultProfile(slo.period), slo.objective, slo.period))
    report.error(
      path,
      `${problem[0]?.toUpperCase()}${problem.slice(1)}.`,
      'Name another profile, or declare one in alerts/.',
    );
  return declared
    ? resolveProfile(declared.name, declared.tiers, periodMinutes(slo.period))
    : defaultProfile(slo.period);
}
