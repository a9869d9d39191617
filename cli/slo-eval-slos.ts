import type { Alerts } from '#app/domain/openslo/alerts.ts';
import { profileOf } from '#app/domain/openslo/profile-of.ts';
import { sidesOf } from '#app/domain/openslo/prometheus.ts';
import type { Sides } from '#app/domain/prometheus/count-minutes.ts';
import type { DeclaredSlo } from '#app/domain/slo/declared.ts';
import type { BurnProfile } from '#app/domain/slo/slo.ts';
import { didYouMean } from '#app/domain/yaml/nearest.ts';
import { type Reporter, reporter } from '#app/domain/yaml/validate.ts';

/** An SLO that can be evaluated from counters. */
export interface EvalSlo {
  slo: DeclaredSlo;
  profile: BurnProfile;
  sides: Sides;
  /** True when its document has several objectives. */
  several: boolean;
}

/**
 * The SLOs of the files that counters can be evaluated for; null when there is an error or none of them is such. What is
 * found wrong is added to the problems.
 */
export function chosenSlos(alerts: Alerts, files: readonly string[]): EvalSlo[] | null {
  const profiles = alerts.profiles.map(({ value }) => value);
  const chosen: EvalSlo[] = [];
  for (const { value: slo, source } of alerts.declared) {
    const report = reporter(source);
    const profile = profileOf(slo, profiles);
    if (!profile)
      report.error(
        ['metadata', 'annotations', 'firebreak.dev/burn-profile'],
        `There is no burn profile "${slo.profile}".`,
        didYouMean(
          slo.profile,
          profiles.map(({ name }) => name),
        ) ?? 'Give its file with a further --slo.',
      );
    const sides = evaluable(slo, report);
    const several = alerts.declared.filter(({ value }) => value.document === slo.document).length > 1;
    if (profile && sides) chosen.push({ slo, profile, sides, several });
    alerts.problems.push(...report.problems);
  }
  if (alerts.problems.some(({ severity }) => severity === 'error')) return null;
  if (chosen.length > 0) return chosen;
  alerts.problems.push({
    file: files[0] ?? '',
    line: 1,
    column: 1,
    severity: 'error',
    message: 'No SLO here is counted by Prometheus selectors, so there is nothing to evaluate.',
    hint: 'Write kind: SLO with metricSource: { type: Prometheus, spec: { selector: … } }.',
  });
  return null;
}

function evaluable({ indicator, id }: DeclaredSlo, report: Reporter): Sides | null {
  if (indicator.kind !== 'prometheus') {
    report.warning(['metadata', 'name'], `SLO "${id}" reads Cloud Monitoring; samples are not read for it.`);
    return null;
  }
  const sides = sidesOf(indicator);
  if (sides) return sides;
  report.warning(
    ['metadata', 'name'],
    `SLO "${id}" asks by a query of which nobody but a Prometheus server knows how many events it counts.`,
    'Write "selector" instead.',
  );
  return null;
}
