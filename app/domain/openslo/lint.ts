import type { Problem } from '../runbook/runbook.ts';
import type { DeclaredSlo } from '../slo/declared.ts';
import { objectiveText } from '../slo/figures.ts';
import { periodMinutes, profileProblems } from '../slo/profiles.ts';
import { type BurnProfile, windowMinutes } from '../slo/slo.ts';
import { reporter } from '../yaml/validate.ts';
import type { Declared } from './alerts.ts';

const profilePath = ['metadata', 'annotations', 'firebreak.dev/burn-profile'];

/** What an SLO is linted against. `cloudMonitoring`: Google's alerts are to hold it, too. */
export interface LintContext {
  /** The burn profile as declared, for its own period; the SLO's default when there is none. */
  profile: BurnProfile;
  cloudMonitoring: boolean;
}

/** What is well-formed in an SLO and yet does not do what its author wants, at its place in the file. */
export function lintSlo(
  { value: slo, source }: Declared<DeclaredSlo>,
  { profile, cloudMonitoring }: LintContext,
): Problem[] {
  const report = reporter(source);
  for (const problem of profileProblems(profile, slo.objective, slo.period))
    report.error(
      profilePath,
      `${problem[0]?.toUpperCase()}${problem.slice(1)}.`,
      'Name another profile, or declare one for this period and objective.',
    );
  const { budgeting } = slo;
  for (const tier of profile.tiers) {
    if (windowMinutes[tier.long] > periodMinutes(slo.period))
      report.warning(
        ['spec', 'timeWindow', 0, 'duration'],
        `Tier ${tier.tier} looks back ${tier.long}, longer than the period.`,
        'Declare a burn profile with shorter windows.',
      );
    if (budgeting.method !== 'Occurrences' && budgeting.minutes > windowMinutes[tier.short])
      report.warning(
        ['spec', 'objectives'],
        `Slices of ${budgeting.minutes} min are longer than the ${tier.short} window of tier ${tier.tier}, which is mostly empty.`,
        'Write a shorter timeSliceWindow.',
      );
  }
  if (cloudMonitoring || slo.paging === 'cloud-monitoring') lintForCloudMonitoring(slo, profile, report.warning);
  return report.problems;
}

/** Limits: https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring */
function lintForCloudMonitoring(
  { period, objective, budgeting, indicator }: DeclaredSlo,
  profile: BurnProfile,
  warn: ReturnType<typeof reporter>['warning'],
): void {
  const cannot = 'Cloud Monitoring cannot hold';
  if (period.kind === 'rolling' && period.days > 30)
    warn(
      ['spec', 'timeWindow', 0, 'duration'],
      `${cannot} a rolling period over 30 days.`,
      'Write 30d, or page by firebreak.',
    );
  if (period.kind === 'calendar' && (period.unit === 'quarter' || period.unit === 'year'))
    warn(
      ['spec', 'timeWindow', 0, 'duration'],
      `${cannot} a calendar ${period.unit}.`,
      'Write 1M, or page by firebreak.',
    );
  if (objective > 0.9999)
    warn(
      ['spec', 'objectives'],
      `${cannot} an objective over 99.99 %, and this is ${objectiveText(objective)}.`,
      'Page by firebreak.',
    );
  if (budgeting.method === 'RatioTimeslices')
    warn(['spec', 'budgetingMethod'], `${cannot} RatioTimeslices.`, 'Write Timeslices or Occurrences.');
  if (indicator.kind === 'gauge' || indicator.kind === 'prometheus-gauge')
    warn(['spec', 'indicator'], `${cannot} the worst value of a gauge; it judges by the mean.`, 'Page by firebreak.');
  if (indicator.kind === 'prometheus')
    warn(['spec'], `${cannot} counters of Prometheus as an SLI.`, 'Count with a filter, or page by firebreak.');
  for (const tier of profile.tiers)
    if (windowMinutes[tier.long] > 1440)
      warn(
        profilePath,
        `${cannot} the ${tier.long} window of tier ${tier.tier}.`,
        'It is left out there; Firebreak evaluates it.',
      );
}
