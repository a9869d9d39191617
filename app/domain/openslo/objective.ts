import type { Budgeting } from '../slo/slo.ts';
import type { Reporter } from '../yaml/validate.ts';
import { readBudgeting } from './budgeting.ts';
import type { Objective } from './schemas.ts';
import { type Bound, readBound, refuseBound } from './threshold.ts';

/** One objective: the promised share of good events (or slices) in [0, 1). */
export interface ReadObjective {
  title: string | null;
  objective: number;
  budgeting: Budgeting;
  /** What a gauge is held against; null where events are counted. */
  bound: Bound | null;
}

/**
 * The objectives of an SLO, at least one; null when there are errors, which are reported. `isGauge`: they hold a gauge against a bound (null:
 * nobody knows, the indicator has errors of its own).
 */
export function readObjectives(
  list: readonly Objective[],
  method: string,
  isGauge: boolean | null,
  report: Reporter,
): ReadObjective[] | null {
  if (list.length === 0) {
    report.error(['spec', 'objectives'], '"objectives" is empty: an SLO promises something.', 'Write - target: 0.999.');
    return null;
  }
  const read = list.map((objective, index) => readObjective(objective, index, method, isGauge, report));
  for (const [index, one] of read.entries())
    if (one && read.findIndex((other) => other && same(one, other)) !== index)
      report.error(['spec', 'objectives', index], 'This objective stands here twice.', 'Remove one of the two.');
  return read.every((one) => one !== null) && !report.failed ? read : null;
}

function same(a: ReadObjective, b: ReadObjective): boolean {
  const counts = ({ budgeting, bound }: ReadObjective) => JSON.stringify([budgeting, bound]);
  return a.objective === b.objective && counts(a) === counts(b);
}

function readObjective(
  objective: Objective,
  index: number,
  method: string,
  isGauge: boolean | null,
  report: Reporter,
): ReadObjective | null {
  const at = (key: string) => ['spec', 'objectives', index, key];
  for (const key of ['compositeWeight', 'indicator', 'indicatorRef'] as const)
    if (objective[key] !== undefined)
      report.error(
        at(key),
        `"${key}" belongs to a composite SLO, which is not supported.`,
        'Write one SLO for each.',
        'key',
      );
  if (isGauge === false) refuseBound(objective, at, report);
  const bound = isGauge ? readBound(objective, at, report) : null;
  const budgeting = readBudgeting(objective, at, method, report);
  const share = readTarget(objective, index, report);
  return share === null || budgeting === null || (isGauge && bound === null)
    ? null
    : { title: objective.displayName ?? null, objective: share, budgeting, bound };
}

function readTarget({ target, targetPercent }: Objective, index: number, report: Reporter): number | null {
  const path = ['spec', 'objectives', index];
  if ((target === undefined) === (targetPercent === undefined)) {
    report.error(path, 'Exactly one of "target" and "targetPercent" is needed.');
    return null;
  }
  const key = target === undefined ? 'targetPercent' : 'target';
  // Decimal places are kept: 99.95 % is 0.9995, not 0.9995000000000001.
  const share = target ?? Number((targetPercent! / 100).toPrecision(12));
  if (share === 1) {
    report.error(
      [...path, key],
      'An objective of 100 % leaves no error budget: the first bad event breaks it for good.',
      'Promise less, such as 99.9 %.',
    );
    return null;
  }
  if (!(share >= 0 && share < 1)) {
    const hint =
      key === 'target' && share > 1 && share < 100 ? `For ${target} % write targetPercent: ${target}.` : null;
    report.error([...path, key], key === 'target' ? '"target" is in [0, 1).' : '"targetPercent" is in [0, 100).', hint);
    return null;
  }
  return share;
}
