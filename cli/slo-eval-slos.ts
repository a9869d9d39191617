import type { Wanted } from '#app/domain/openmetrics/reader.ts';
import type { Alerts } from '#app/domain/openslo/alerts.ts';
import { profileOf } from '#app/domain/openslo/profile-of.ts';
import { selectorOf, sidesOf } from '#app/domain/openslo/prometheus.ts';
import { countMinutes, type OrderedSeries } from '#app/domain/prometheus/count-minutes.ts';
import { gaugeMinutes } from '#app/domain/prometheus/gauge-minutes.ts';
import { type Selector, selects } from '#app/domain/prometheus/selector.ts';
import type { DeclaredSlo } from '#app/domain/slo/declared.ts';
import type { MinuteTable } from '#app/domain/slo/minute-counts.ts';
import type { BurnProfile } from '#app/domain/slo/slo.ts';
import { didYouMean } from '#app/domain/yaml/nearest.ts';
import { type Reporter, reporter } from '#app/domain/yaml/validate.ts';

/** How the minutes of an SLO come from samples. */
export interface Counting {
  wants: Wanted;
  /** Selectors without which nothing is known, or everything bad. */
  needed: Selector[];
  what: 'counter' | 'gauge';
  /** The minutes [first, end), numbers since the epoch. */
  count(series: readonly OrderedSeries[], first: number, end: number): MinuteTable;
}

/** An SLO that can be evaluated from samples. */
export interface EvalSlo {
  slo: DeclaredSlo;
  profile: BurnProfile;
  counting: Counting;
  /** True when its document has several objectives. */
  several: boolean;
}

/**
 * The SLOs of the files that samples can be evaluated for; null when there is an error or none of them is such. What is
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
    const counting = evaluable(slo, report);
    const several = alerts.declared.filter(({ value }) => value.document === slo.document).length > 1;
    if (profile && counting) chosen.push({ slo, profile, counting, several });
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

function evaluable({ indicator, id }: DeclaredSlo, report: Reporter): Counting | null {
  if (indicator.kind === 'prometheus-gauge') {
    const selector = selectorOf(indicator.selector);
    return {
      wants: (name, labels) => selects(selector, name, labels) && 'gauge',
      needed: [selector],
      what: 'gauge',
      count: (series, first, end) => gaugeMinutes(series, { ...indicator, selector }, first, end),
    };
  }
  if (indicator.kind !== 'prometheus') {
    report.warning(['metadata', 'name'], `SLO "${id}" reads Cloud Monitoring; samples are not read for it.`);
    return null;
  }
  const sides = sidesOf(indicator);
  if (sides) {
    const { total, part, counted } = sides;
    return {
      wants: (name, labels) => selects(total, name, labels) || selects(part, name, labels),
      needed: counted === 'good' ? [total, part] : [total],
      what: 'counter',
      count: (series, first, end) => countMinutes(series, sides, first, end),
    };
  }
  report.warning(
    ['metadata', 'name'],
    `SLO "${id}" asks by a query of which nobody but a Prometheus server knows how many events it counts.`,
    'Write "selector" instead.',
  );
  return null;
}
