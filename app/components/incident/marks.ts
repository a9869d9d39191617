import type { Change } from '../../domain/change/change.ts';
import type { Run } from '../../domain/run/run.ts';
import type { ChartMark } from '../burn-chart/geometry.ts';
import type { SignKind } from '../ui/sign.tsx';

/** The sign of a change by its kind. */
export function changeSign(change: Pick<Change, 'kind' | 'source'>): SignKind {
  if (change.source === 'firebreak') return 'run';
  if (change.kind === 'flag') return 'flag';
  return change.kind === 'revision' || change.kind === 'traffic' ? 'deploy' : 'other';
}

/** Moments on the incident's chart: the changes of its services, the page, and the effects of what was done. */
export function chartMarks(view: { changes: Change[]; pagedAt: number | null; runs: Run[] }): ChartMark[] {
  const marks: ChartMark[] = view.changes.map((change) => ({
    at: change.at,
    kind: changeSign(change),
    label: shortTitle(change),
  }));
  if (view.pagedAt !== null) marks.push({ at: view.pagedAt, kind: 'page', label: 'paged' });
  for (const run of view.runs) {
    for (const step of run.steps) {
      if (step.effectAt === null || (step.kind !== 'stop' && step.kind !== 'forward')) continue;
      marks.push({ at: step.effectAt, kind: 'run', label: 'in effect' });
    }
  }
  return marks;
}

/** A label that fits the chart: the words "rolled out" and the service's name in front of a revision say nothing there. */
function shortTitle(change: Change): string {
  return change.title
    .replace(' rolled out', '')
    .replace(` in ${change.environment}`, '')
    .replace(/ (?:took|takes|at) 100 % of traffic/, ' 100 %')
    .replace(`${change.service}-0`, '0');
}
