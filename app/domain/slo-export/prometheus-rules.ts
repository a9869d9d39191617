import { stringify } from 'yaml';
import { tierWords } from '../alert/transition.ts';
import { burnText, objectiveText } from '../slo/figures.ts';
import type { PrometheusIndicator, PrometheusSource } from '../slo/prometheus-indicator.ts';
import { type BurnTier, windowNames } from '../slo/slo.ts';
import type { ExportInput, Loss, Pages } from './exported.ts';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
}

/** A group of a Prometheus rule file; its rules are evaluated in order, at one instant. */
export interface RuleGroup {
  name: string;
  interval?: string;
  rules: Rule[];
}

/** Names of the recorded series; each has the labels `slo` and `service`. */
const recorded = {
  bad: (window: string) => `slo:bad_events:increase${window}`,
  total: (window: string) => `slo:events:increase${window}`,
  burn: (window: string) => `slo:burn_rate:ratio${window}`,
  budget: 'slo:error_budget_remaining:ratio',
};

/** An SLO as rule groups; none, with the reasons, when Prometheus cannot hold it. */
export function prometheusRules(input: ExportInput, pages: Pages): { groups: RuleGroup[]; losses: Loss[] } {
  const { slo, profile } = input;
  const losses: Loss[] = [];
  const lose = (severity: Loss['severity'], about: Loss['about'], message: string, hint: string | null = null) =>
    void losses.push({ severity, about, message, hint });
  if (slo.indicator.kind !== 'prometheus' && slo.indicator.kind !== 'prometheus-gauge')
    lose(
      'error',
      'indicator',
      'This SLO is counted by Cloud Monitoring, and Prometheus has no such series.',
      'Export it with --to cloud-monitoring.',
    );
  if (slo.budgeting.method !== 'Occurrences')
    lose('error', 'budgeting', `${slo.budgeting.method} are not exported as rules: they count slices, not events.`);
  if (slo.indicator.kind !== 'prometheus' || losses.length > 0) return { groups: [], losses };

  const { indicator } = slo;
  const counts = 'selector' in indicator.total && 'selector' in indicator.part;
  if (!counts && slo.minBadEvents > 1)
    lose(
      'warning',
      'min-bad-events',
      `The minimum of ${slo.minBadEvents} bad events is not held: a query may give rates, not counts.`,
      'Write selectors.',
    );
  if (slo.period.kind === 'calendar')
    lose('warning', 'window', 'PromQL knows no calendar periods: the burn alerts are written, the budget left is not.');
  const used = new Set(profile.tiers.flatMap(({ long, short }) => [long, short]));
  const labels = { slo: slo.id, service: slo.service };
  const rules: Rule[] = [];
  for (const window of windowNames.filter((name) => used.has(name))) {
    const sums = sumsOver(indicator, window);
    // Bad over total, each summed over the whole window: a mean of short ratios is wrong on uneven traffic.
    const ratio = (bad: string, total: string) => `${bad}\n/ (${total} > 0)\n/ ${budgetOf(slo.objective)}`;
    if (counts)
      rules.push(
        { record: recorded.total(window), expr: sums.total, labels },
        { record: recorded.bad(window), expr: sums.bad, labels },
        {
          record: recorded.burn(window),
          expr: ratio(series(recorded.bad(window), slo.id), series(recorded.total(window), slo.id)),
          labels,
        },
      );
    else rules.push({ record: recorded.burn(window), expr: ratio(`(${sums.bad})`, sums.total), labels });
  }
  const largest = 1 / (1 - slo.objective);
  for (const tier of profile.tiers)
    if (tier.factor < largest) rules.push(alertRule(input, tier, counts, pages));
    else
      lose(
        'warning',
        'burn-profile',
        `Tier ${tier.tier} asks for ${burnText(tier.factor)}, which ${objectiveText(slo.objective)} can never reach.`,
      );
  const groups: RuleGroup[] = [{ name: `slo-${slo.id}`, rules }];
  if (slo.period.kind === 'rolling') {
    const sums = sumsOver(indicator, `${slo.period.days}d`);
    const expr = `1 -\n(${sums.bad})\n/ ((${sums.total}) > 0)\n/ ${budgetOf(slo.objective)}`;
    groups.push({ name: `slo-${slo.id}-budget`, interval: '5m', rules: [{ record: recorded.budget, expr, labels }] });
  }
  return { groups, losses };
}

/** A rule file. */
export function ruleFile(groups: readonly RuleGroup[]): string {
  return stringify({ groups }, { lineWidth: 0, aliasDuplicateObjects: false });
}

function alertRule({ slo, profile }: ExportInput, tier: BurnTier, counts: boolean, pages: Pages): Rule {
  const { long, short, factor } = tier;
  // Reaching the factor alerts; the hair takes up the rounding of 1 − objective.
  const bound = `${Number(factor.toPrecision(12))} * (1 - 1e-9)`;
  const parts = [long, short].map((window) => `${series(recorded.burn(window), slo.id)} >= ${bound}`);
  if (counts && slo.minBadEvents > 1) parts.push(`${series(recorded.bad(long), slo.id)} >= ${slo.minBadEvents}`);
  return {
    alert: 'SLOBurn',
    expr: parts.join('\nand\n'),
    labels: {
      slo: slo.id,
      service: slo.service,
      tier: tier.tier,
      severity: tier.tier.startsWith('page') ? 'page' : 'ticket',
    },
    annotations: {
      summary: plain(`${slo.title}: ${tierWords[tier.tier]}`),
      description: plain(
        `The error budget of ${objectiveText(slo.objective)} over ${profile.periodMinutes / 1440} days burns at ${burnText(factor)} or more, over ${long} and over ${short}.`,
      ),
      ...(pages ? { firebreak_url: plain(pages.slo(slo.id)) } : {}),
      ...(pages && slo.runbook ? { runbook_url: plain(pages.runbook(slo.runbook)) } : {}),
    },
  };
}

/** PromQL of the bad and of all events over a window. A bad series that nobody ever saw is 0 where events are counted. */
function sumsOver({ part, total, counted }: PrometheusIndicator, window: string): { bad: string; total: string } {
  const all = sumOf(total, window);
  const some = `(${sumOf(part, window)} or 0 * ${all})`;
  return { total: all, bad: counted === 'bad' ? some.slice(1, -1) : `${all}\n- ${some}` };
}

function sumOf(source: PrometheusSource, window: string): string {
  return 'selector' in source
    ? `sum(increase(${source.selector.trim()}[${window}]))`
    : `sum(${source.query.trim().replaceAll('{{.window}}', window)})`;
}

const series = (name: string, slo: string) => `${name}{slo="${slo}"}`;

const budgetOf = (objective: number) => `(1 - ${objective})`;

/** Braces would begin a template of Prometheus. */
function plain(text: string): string {
  return text.replaceAll('{{', '{ {');
}
