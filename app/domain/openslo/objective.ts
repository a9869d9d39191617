import type { Reporter } from '../yaml/validate.ts';
import type { Objective } from './schemas.ts';

/** The promised share of good events in [0, 1) from a list of exactly one objective; null when it has errors. */
export function readObjective(list: readonly Objective[], report: Reporter): number | null {
  const path = ['spec', 'objectives'];
  const objective = list[0];
  if (list.length !== 1 || !objective) {
    report.error(
      path,
      `"objectives" holds ${list.length} entries; exactly one is supported.`,
      'Write one SLO per objective.',
    );
    return null;
  }
  const at = (key: string) => [...path, 0, key];
  for (const key of ['timeSliceTarget', 'timeSliceWindow', 'compositeWeight', 'indicator', 'indicatorRef'] as const)
    if (objective[key] !== undefined) report.error(at(key), `"${key}" is not supported yet.`, null, 'key');
  for (const key of ['op', 'value'] as const)
    if (objective[key] !== undefined)
      report.error(
        at(key),
        `"${key}" belongs to a thresholdMetric, which is not supported yet.`,
        'For latency write range: { max: … } in the indicator.',
        'key',
      );

  const { target, targetPercent } = objective;
  if ((target === undefined) === (targetPercent === undefined)) {
    report.error([...path, 0], 'Exactly one of "target" and "targetPercent" is needed.');
    return null;
  }
  const key = target === undefined ? 'targetPercent' : 'target';
  // Decimal places are kept: 99.95 % is 0.9995, not 0.9995000000000001.
  const share = target ?? Number((targetPercent! / 100).toPrecision(12));
  if (share === 1 && objective[key] === (key === 'target' ? 1 : 100)) {
    report.error(
      at(key),
      'An objective of 100 % leaves no error budget: the first bad event breaks it for good.',
      'Promise less, such as 99.9 %.',
    );
    return null;
  }
  if (!(share >= 0 && share < 1)) {
    const hint =
      key === 'target' && share > 1 && share < 100 ? `For ${target} % write targetPercent: ${target}.` : null;
    report.error(at(key), key === 'target' ? '"target" is in [0, 1).' : '"targetPercent" is in [0, 100).', hint);
    return null;
  }
  return report.failed ? null : share;
}
