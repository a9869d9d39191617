import type { PagingMode, Slo } from '../slo/slo.ts';
import type { SourceDocument } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import { type Reporter, validate } from '../yaml/validate.ts';
import { readAnnotations } from './annotations.ts';
import { type DataSources, type ReadIndicator, readIndicator } from './indicator.ts';
import { readObjective } from './objective.ts';
import { type SloDocument, sloSchema } from './schemas.ts';
import { readTimeWindow } from './time-window.ts';

const known = ['paging', 'burn-profile', 'runbook', 'min-bad-events'];
const pagingModes: readonly PagingMode[] = ['shadow', 'firebreak', 'cloud-monitoring'];

/** Bad events below which a tier stays silent, unless the SLO says otherwise. */
const defaultMinBadEvents = 5;

/** What an SLO may refer to by name. `indicators` holds null for an SLI that is declared but has errors of its own. */
export interface References {
  sources: DataSources;
  indicators: ReadonlyMap<string, ReadIndicator | null>;
}

/** An SLO document as an SLO; null when it has errors, which are reported. */
export function readSlo(source: SourceDocument, references: References, report: Reporter): Slo | null {
  const document = validate(sloSchema, source, report);
  if (!document) return null;
  const { metadata, spec } = document;
  const notes = readAnnotations(metadata.annotations, known, report);

  if (spec.budgetingMethod !== 'Occurrences')
    report.error(
      ['spec', 'budgetingMethod'],
      ['Timeslices', 'RatioTimeslices'].includes(spec.budgetingMethod)
        ? `Budgeting method "${spec.budgetingMethod}" is not supported yet.`
        : `"${spec.budgetingMethod}" is not a budgeting method.`,
      'Write Occurrences.',
    );
  const paging = notes.read('paging') ?? 'shadow';
  if (!isPaging(paging)) notes.fail('paging', `"${paging}" is no way to page.`, `One of: ${pagingModes.join(', ')}.`);
  const minText = notes.read('min-bad-events');
  const minBadEvents = minText === null ? defaultMinBadEvents : Number(minText);
  if (!Number.isInteger(minBadEvents) || minBadEvents < 0)
    notes.fail('min-bad-events', `"${minText}" is not a count of events.`, 'Write a whole number in quotes: "10".');

  const indicator = indicatorOf(spec, references, report);
  const period = readTimeWindow(spec.timeWindow, report);
  const objective = readObjective(spec.objectives, report);
  if (report.failed || !indicator || !period || objective === null || !isPaging(paging)) return null;
  return {
    id: metadata.name,
    title: metadata.displayName ?? metadata.name,
    description: spec.description?.trim() ?? '',
    service: spec.service,
    objective,
    period,
    indicator: indicator.indicator,
    profile: notes.read('burn-profile') ?? 'default',
    paging,
    runbook: notes.read('runbook'),
    minBadEvents,
    settle: indicator.settle,
  };
}

function indicatorOf(spec: SloDocument['spec'], references: References, report: Reporter): ReadIndicator | null {
  if ((spec.indicator === undefined) === (spec.indicatorRef === undefined)) {
    report.error(['spec'], 'Exactly one of "indicator" and "indicatorRef" is needed.', null, 'key');
    return null;
  }
  if (spec.indicator)
    return readIndicator(spec.indicator.spec, ['spec', 'indicator', 'spec'], references.sources, report);
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
