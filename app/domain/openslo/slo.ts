import type { DeclaredSlo } from '../slo/declared.ts';
import type { PagingMode } from '../slo/slo.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import { readAnnotations } from './annotations.ts';
import { checkMethod } from './budgeting.ts';
import { type ReadIndicator, readIndicator } from './indicator.ts';
import type { SourceContext } from './metric-source.ts';
import { type ReadObjective, readObjectives } from './objective.ts';
import { type SloDocument, sloSchema } from './schemas.ts';
import { type Bound, checkGaugeMethod } from './threshold.ts';
import { readTimeWindow } from './time-window.ts';

const known = ['paging', 'burn-profile', 'runbook', 'min-bad-events'];
const pagingModes: readonly PagingMode[] = ['shadow', 'firebreak', 'cloud-monitoring'];

/** Bad events below which a tier stays silent, unless the SLO says otherwise. A bad slice is many bad events already. */
const defaultMinBadEvents = { Occurrences: 5, Timeslices: 1, RatioTimeslices: 1 };

/** What an SLO may refer to by name. `indicators` holds null for an SLI that is declared but has errors of its own. */
export interface References extends SourceContext {
  indicators: ReadonlyMap<string, ReadIndicator | null>;
  policies: ReadonlySet<string>;
}

/**
 * An SLO document as SLOs, one for each objective; empty when it has errors, which are reported. The first has the
 * document's name, each further one its target behind it: shop, shop-99-5.
 */
export function readSlo(source: SourceDocument, references: References, report: Reporter): DeclaredSlo[] {
  const document = validate(sloSchema, source, report);
  if (!document) return [];
  const { metadata, spec } = document;
  const notes = readAnnotations(metadata.annotations, known, report);
  checkMethod(spec.budgetingMethod, report);
  const paging = notes.read('paging') ?? 'shadow';
  if (!isPaging(paging)) notes.fail('paging', `"${paging}" is no way to page.`, `One of: ${pagingModes.join(', ')}.`);
  const minText = notes.read('min-bad-events');
  const minBadEvents = minText === null ? null : Number(minText);
  if (minBadEvents !== null && (!Number.isInteger(minBadEvents) || minBadEvents < 0))
    notes.fail('min-bad-events', `"${minText}" is not a count of events.`, 'Write a whole number in quotes: "10".');
  checkPolicies(spec.alertPolicies ?? [], references.policies, report);

  const indicator = indicatorOf(spec, references, report);
  const period = readTimeWindow(spec.timeWindow, references.reach, report);
  const isGauge = spec.indicator
    ? spec.indicator.spec.thresholdMetric !== undefined
    : indicator && holdsGauge(indicator);
  if (isGauge) checkGaugeMethod(spec.budgetingMethod, report);
  const objectives = readObjectives(spec.objectives, spec.budgetingMethod, isGauge, report);
  if (paging === 'cloud-monitoring' && indicator?.indicator.kind === 'prometheus')
    notes.fail(
      'paging',
      'Cloud Monitoring has none of these counters, so it can page for none of them.',
      'Write firebreak, or shadow.',
    );
  if (report.failed || !indicator || !period || !objectives || !isPaging(paging)) return [];
  const title = metadata.displayName ?? metadata.name;
  return objectives.map((one, index) => ({
    id: index === 0 ? metadata.name : `${metadata.name}-${suffixOf(one)}`,
    document: metadata.name,
    title: index === 0 ? title : `${title} (${one.title ?? `${percentOf(one)} %`})`,
    description: spec.description?.trim() ?? '',
    service: spec.service,
    objective: one.objective,
    budgeting: one.budgeting,
    period,
    indicator: bounded(indicator.indicator, one.bound),
    profile: notes.read('burn-profile') ?? 'default',
    paging,
    runbook: notes.read('runbook'),
    minBadEvents: minBadEvents ?? defaultMinBadEvents[one.budgeting.method],
    settle: indicator.settle,
  }));
}

function percentOf({ objective }: ReadObjective): number {
  return Number((objective * 100).toPrecision(12));
}

function holdsGauge({ indicator }: ReadIndicator): boolean {
  return indicator.kind === 'gauge' || indicator.kind === 'prometheus-gauge';
}

function bounded(indicator: ReadIndicator['indicator'], bound: Bound | null): DeclaredSlo['indicator'] {
  if (indicator.kind !== 'gauge' && indicator.kind !== 'prometheus-gauge') return indicator;
  if (!bound) throw new TypeError('a gauge has a bound');
  return { ...indicator, ...bound };
}

/** 99-5 for 99.5 %; two objectives of one target differ by their slices, or by what a gauge is held against. */
function suffixOf(objective: ReadObjective): string {
  const { budgeting } = objective;
  const slices =
    budgeting.method === 'Occurrences'
      ? ''
      : `-${budgeting.minutes}m${budgeting.method === 'Timeslices' ? `-${percentOf({ ...objective, objective: budgeting.target })}` : ''}`;
  const bound = objective.bound ? `-${objective.bound.op}-${objective.bound.bound}` : '';
  return `${percentOf(objective)}${slices}${bound}`.replaceAll('.', '-');
}

function checkPolicies(
  list: NonNullable<SloDocument['spec']['alertPolicies']>,
  declared: ReadonlySet<string>,
  report: Reporter,
): void {
  for (const [index, entry] of list.entries()) {
    const path = ['spec', 'alertPolicies', index];
    const name = typeof entry === 'string' ? entry : entry.alertPolicyRef;
    if (typeof name !== 'string')
      report.error(
        path,
        'An AlertPolicy stands in a document of its own, and here its name.',
        'Move it out and write - alertPolicyRef: its-name.',
      );
    else if (!declared.has(name))
      report.warning(path, `There is no AlertPolicy "${name}" here.`, didYouMean(name, [...declared]));
  }
}

function indicatorOf(spec: SloDocument['spec'], references: References, report: Reporter): ReadIndicator | null {
  if ((spec.indicator === undefined) === (spec.indicatorRef === undefined)) {
    report.error(['spec'], 'Exactly one of "indicator" and "indicatorRef" is needed.', null, 'key');
    return null;
  }
  if (spec.indicator) return readIndicator(spec.indicator.spec, ['spec', 'indicator', 'spec'], references, report);
  const ref = spec.indicatorRef!;
  const found = references.indicators.get(ref);
  if (found === undefined)
    report.error(
      ['spec', 'indicatorRef'],
      `There is no SLI "${ref}".`,
      didYouMean(ref, [...references.indicators.keys()]),
    );
  else if (found === null) report.error(['spec', 'indicatorRef'], `SLI "${ref}" has errors of its own.`);
  return found ?? null;
}

function isPaging(text: string): text is PagingMode {
  return (pagingModes as readonly string[]).includes(text);
}
