import { countMinutes, type OrderedSeries } from '../prometheus/count-minutes.ts';
import { minuteOf } from '../prometheus/increases.ts';
import { type Selector, selects } from '../prometheus/selector.ts';
import type { Problem } from '../runbook/runbook.ts';
import type { DeclaredSlo } from '../slo/declared.ts';
import { countText, durationText } from '../slo/figures.ts';
import { sumBetween, sumUp } from '../slo/minute-counts.ts';
import { periodMinutes } from '../slo/profiles.ts';
import type { Path } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type Reporter, reporter } from '../yaml/validate.ts';
import type { Declared } from './alerts.ts';
import { selectorOf, sidesOf } from './prometheus.ts';

/** Counters to lint against, and all names there are. Of each metric that a selector names, all its series are needed. */
export interface LintSamples {
  series: readonly OrderedSeries[];
  names: ReadonlySet<string>;
}

/** What only data can show of an SLO over Prometheus selectors; empty for any other. Of a gauge, that there is one. */
export function lintSamples({ value: slo, source }: Declared<DeclaredSlo>, samples: LintSamples): Problem[] {
  const { indicator } = slo;
  const report = reporter(source);
  if (indicator.kind === 'prometheus-gauge') {
    const place = ['spec', 'indicator', 'spec', 'thresholdMetric', 'metricSource', 'spec', 'selector'];
    checkData(selectorOf(indicator.selector), place, true, samples, report);
    return report.problems;
  }
  if (indicator.kind !== 'prometheus') return [];
  const metric = ['spec', 'indicator', 'spec', 'ratioMetric'];
  const written = 'selector' in indicator.total ? 'selector' : 'query';
  const at = (key: string) => [...metric, key, 'metricSource', 'spec', written];
  const sides = sidesOf(indicator);
  if (!sides) return [];
  const { total, part, counted } = sides;
  checkData(total, at('total'), true, samples, report);
  checkData(part, at(indicator.counted), counted === 'good', samples, report);
  const { series } = samples;
  const first = series.reduce((least, { times }) => Math.min(least, times[0] ?? least), Number.POSITIVE_INFINITY);
  const last = series.reduce((most, { times }) => Math.max(most, times.at(-1) ?? most), Number.NEGATIVE_INFINITY);
  const minutes = minuteOf(last) - minuteOf(first) + 1;
  // What is older than a year says nothing of today's traffic.
  const from = Math.max(minuteOf(first), minuteOf(last) + 1 - 366 * 1440);
  if (!(minutes > 1)) return report.problems;
  const counts = sumUp(countMinutes(series, sides, from, minuteOf(last) + 1));
  for (let hour = from; hour <= minuteOf(last); hour += 60) {
    const { bad, total: all } = sumBetween(counts, hour, hour + 60);
    if (bad >= 0 && bad <= all) continue;
    const many = bad < 0 ? `${countText(all - bad)} good` : `${countText(bad)} bad`;
    const when = new Date(hour * 60_000).toISOString();
    report.warning(
      at(indicator.counted),
      `In the hour from ${when} there are ${many} events of only ${countText(all)}.`,
      'The one selector must find a part of what the other finds.',
    );
    break;
  }
  checkFineness(slo, sumBetween(counts, from, minuteOf(last) + 1), report);
  return report.problems;
}

/** A selector finds something, and a bucket that it names by `le` is one of those there are. */
function checkData(
  selector: Selector,
  path: Path,
  needed: boolean,
  { series, names }: LintSamples,
  report: Reporter,
): void {
  if (series.some(({ name, labels }) => selects(selector, name, labels))) return;
  const own = series.filter(({ name }) => name === selector.metric);
  const le = selector.matchers.find(({ label, op }) => label === 'le' && op === '=');
  const edges = [...new Set(own.map(({ labels }) => labels.le ?? ''))].filter((edge) => edge !== '' && edge !== '+Inf');
  if (le && edges.length > 0 && !edges.includes(le.value)) {
    const distance = (edge: string) => Math.abs(Number(edge) - Number(le.value));
    const nearest = edges.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    report.warning(
      path,
      `le="${le.value}" is not the edge of a bucket, so nothing is counted at it.`,
      `Nearest edge: le="${nearest}".`,
    );
  } else if (own.length > 0) {
    // Bad events that never happened have no counter yet; for all others the labels are wrong.
    if (needed)
      report.warning(path, `No series of ${selector.metric} has these labels.`, 'Look at the labels in the samples.');
  } else
    report.warning(
      path,
      `The selector finds no data${selector.metric ? `: there is no ${selector.metric} in the samples` : ''}.`,
      selector.metric ? didYouMean(selector.metric, [...names]) : null,
    );
}

/** With so few events that the budget of a period is less than one, the first bad event breaks the promise. */
function checkFineness(
  { objective, period, budgeting }: DeclaredSlo,
  seen: { total: number; known: number },
  report: Reporter,
): void {
  if (budgeting.method !== 'Occurrences' || seen.known === 0 || seen.total === 0) return;
  const expected = (seen.total / seen.known) * periodMinutes(period);
  const budget = expected * (1 - objective);
  if (budget >= 1) return;
  report.warning(
    ['spec', 'objectives'],
    `The objective is finer than one event: with about ${countText(expected)} events in ${durationText(periodMinutes(period) * 60_000)} the first bad one breaks it.`,
    'Promise less, or over a longer period.',
  );
}
