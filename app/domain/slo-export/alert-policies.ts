import { tierWords } from '../alert/transition.ts';
import { burnText, objectiveText, shareText } from '../slo/figures.ts';
import { type BurnTier, windowMinutes } from '../slo/slo.ts';
import type { AlertPolicyJson, ConditionJson } from './cloud-monitoring-types.ts';
import type { ExportInput, Loss, Pages } from './exported.ts';
import { labelKeys, madeByUs } from './user-labels.ts';

/** Alerting looks back over at most 25 hours. https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies */
const longestLookBackMinutes = 25 * 60;
/** A condition's filter has at most 2,048 characters. */
const longestFilter = 2048;

/**
 * The alert policies of an SLO at `sloName` (`projects/…/services/…/serviceLevelObjectives/…`), one for each tier of its
 * burn profile: both windows over the factor. Enabled only when Cloud Monitoring is the SLO's pager: each has one pager.
 */
export function alertPolicies(
  input: ExportInput,
  sloName: string,
  pages: Pages,
): { policies: AlertPolicyJson[]; losses: Loss[] } {
  const { slo, profile } = input;
  const losses: Loss[] = [];
  const lose = (about: Loss['about'], message: string, hint: string | null = null) =>
    void losses.push({ severity: 'warning', about, message, hint });
  const gated = gate(input, lose);
  const policies: AlertPolicyJson[] = [];
  for (const tier of profile.tiers) {
    if (windowMinutes[tier.long] > longestLookBackMinutes) {
      lose(
        'burn-profile',
        `Tier ${tier.tier} looks back over ${tier.long}; Cloud Monitoring alerts on at most 25 h, so it has no policy.`,
        'Firebreak and Prometheus evaluate it.',
      );
      continue;
    }
    if (tier.factor >= 1 / (1 - slo.objective)) {
      lose(
        'burn-profile',
        `Tier ${tier.tier} asks for ${burnText(tier.factor)}, which ${objectiveText(slo.objective)} can never reach.`,
      );
      continue;
    }
    policies.push({
      displayName: `${slo.title}: ${tierWords[tier.tier]}`.slice(0, 512),
      documentation: documentation(input, tier, pages),
      userLabels: { [labelKeys.made]: madeByUs, [labelKeys.slo]: slo.id, [labelKeys.tier]: tier.tier },
      conditions: [
        burnCondition(sloName, tier.long, tier.factor),
        burnCondition(sloName, tier.short, tier.factor),
        ...(gated ? [countCondition(gated, tier, slo.minBadEvents)] : []),
      ],
      combiner: 'AND',
      enabled: slo.paging === 'cloud-monitoring',
      severity: tier.tier.startsWith('page') ? 'CRITICAL' : 'WARNING',
    });
  }
  if (slo.paging !== 'cloud-monitoring')
    lose(
      'paging',
      slo.paging === 'firebreak'
        ? 'Firebreak pages for this SLO, so its policies are written disabled: each SLO has one pager.'
        : 'Nobody is paged for this SLO (shadow), so its policies are written disabled.',
      'Write firebreak.dev/paging: cloud-monitoring to move the pager.',
    );
  return { policies, losses };
}

/** The filter that counts bad events, for the condition that guards low traffic; null when none is needed or possible. */
function gate({ slo }: ExportInput, lose: (about: Loss['about'], message: string) => void): string | null {
  const { indicator, budgeting, minBadEvents } = slo;
  // A burn over 0 has a bad event already.
  if (minBadEvents <= 1) return null;
  const bad = indicator.kind === 'ratio' && budgeting.method === 'Occurrences' ? indicator.bad.filter : null;
  if (bad !== null && bad.length <= longestFilter && /\bresource\.type\s*=/.test(bad)) return bad;
  const why =
    budgeting.method !== 'Occurrences'
      ? 'it cannot count bad slices'
      : indicator.kind !== 'ratio'
        ? 'only an indicator with "bad" can be counted there'
        : bad!.length > longestFilter
          ? `the filter of "bad" is longer than ${longestFilter} characters`
          : 'the filter of "bad" names no resource.type';
  lose(
    'min-bad-events',
    `Cloud Monitoring would alert from the first bad event: the minimum of ${minBadEvents} is not held, because ${why}.`,
  );
  return null;
}

const threshold = { comparison: 'COMPARISON_GT', duration: '0s', trigger: { count: 1 } } as const;

function burnCondition(sloName: string, window: BurnTier['long'], factor: number): ConditionJson {
  return {
    displayName: `Burn over ${window} at ${burnText(factor)} or more`,
    conditionThreshold: {
      filter: `select_slo_burn_rate("${sloName}", "${windowMinutes[window] * 60}s")`,
      ...threshold,
      // Only "greater than" exists there: a hair below the factor, so that a burn of exactly the factor alerts, as here.
      thresholdValue: Number((factor * (1 - 1e-9)).toPrecision(12)),
    },
  };
}

function countCondition(filter: string, { long }: BurnTier, least: number): ConditionJson {
  const alignmentPeriod = `${windowMinutes[long] * 60}s`;
  return {
    displayName: `At least ${least} bad events in ${long}`,
    conditionThreshold: {
      filter,
      aggregations: [{ alignmentPeriod, perSeriesAligner: 'ALIGN_SUM', crossSeriesReducer: 'REDUCE_SUM' }],
      ...threshold,
      thresholdValue: least - 0.5,
    },
  };
}

function documentation({ slo, profile }: ExportInput, tier: BurnTier, pages: Pages): AlertPolicyJson['documentation'] {
  const days = profile.periodMinutes / 1440;
  const lines = [
    slo.description,
    `The error budget of ${objectiveText(slo.objective)} over ${days} days burns at ${burnText(tier.factor)} or more, over ${tier.long} and over ${tier.short}: ${tier.long} at this pace takes ${shareText(tier.share)} of it.`,
    pages ? `Why it burns, what changed and what to do: [${slo.title}](${pages.slo(slo.id)})` : '',
    pages && slo.runbook ? `Runbook: [${slo.runbook}](${pages.runbook(slo.runbook)})` : '',
  ];
  // A dollar sign would begin a variable of Cloud Monitoring; 8,192 characters are allowed.
  const content = lines.filter(Boolean).join('\n\n').replaceAll('${', '$ {').slice(0, 8000);
  const links = pages
    ? [
        { displayName: 'SLO and its incidents', url: pages.slo(slo.id) },
        ...(slo.runbook ? [{ displayName: 'Runbook', url: pages.runbook(slo.runbook) }] : []),
      ]
    : [];
  return {
    content,
    mimeType: 'text/markdown',
    subject: `${slo.title}: ${tierWords[tier.tier]}`.replaceAll('${', '$ {').slice(0, 200),
    ...(links.length > 0 ? { links } : {}),
  };
}
