import type { Budgeting } from '../slo/slo.ts';
import type { Path } from '../yaml/document.ts';
import { didYouMean } from '../yaml/nearest.ts';
import type { Reporter } from '../yaml/validate.ts';
import { durationMinutes, parseDuration } from './duration.ts';
import type { Objective } from './schemas.ts';

/** The budgeting methods of OpenSLO v1. */
const budgetingMethods = ['Occurrences', 'Timeslices', 'RatioTimeslices'] as const;

/** A slice of time is at most a day. */
const longestSlice = 1440;

/** Reports a budgeting method that is none. */
export function checkMethod(method: string, report: Reporter): void {
  const path = ['spec', 'budgetingMethod'];
  if (!budgetingMethods.some((known) => known === method))
    report.error(path, `"${method}" is not a budgeting method.`, didYouMean(method, budgetingMethods));
}

/** What one objective counts by `method`; null when it has errors, which are reported. */
export function readBudgeting(
  { timeSliceTarget, timeSliceWindow }: Objective,
  at: (key: string) => Path,
  method: string,
  report: Reporter,
): Budgeting | null {
  if (method !== 'Timeslices' && method !== 'RatioTimeslices') {
    for (const [key, value] of Object.entries({ timeSliceTarget, timeSliceWindow }))
      if (value !== undefined) report.error(at(key), `"${key}" goes with budgetingMethod Timeslices.`, null, 'key');
    return { method: 'Occurrences' };
  }
  const minutes = sliceMinutes(timeSliceWindow);
  if (minutes === null)
    report.error(
      at('timeSliceWindow'),
      timeSliceWindow === undefined
        ? '"timeSliceWindow" is missing: how long a slice is.'
        : `"${timeSliceWindow}" is not the length of a slice.`,
      'Write whole minutes that divide a day, such as 5m.',
    );
  if (method === 'RatioTimeslices') {
    if (timeSliceTarget !== undefined)
      report.error(at('timeSliceTarget'), '"timeSliceTarget" goes with budgetingMethod Timeslices.', null, 'key');
    return minutes === null ? null : { method, minutes };
  }
  if (timeSliceTarget === undefined)
    report.error(
      at('timeSliceTarget'),
      '"timeSliceTarget" is missing: the share of good events that makes a slice good.',
    );
  else if (!(timeSliceTarget > 0 && timeSliceTarget <= 1)) {
    const hint =
      timeSliceTarget > 1 && timeSliceTarget <= 100
        ? `For ${timeSliceTarget} % write ${Number((timeSliceTarget / 100).toPrecision(12))}.`
        : null;
    report.error(at('timeSliceTarget'), '"timeSliceTarget" is over 0 and at most 1.', hint);
  } else if (minutes !== null) return { method, minutes, target: timeSliceTarget };
  return null;
}

/** Whole minutes that divide a day; a bare number is minutes. Null for anything else. */
function sliceMinutes(window: string | number | undefined): number | null {
  if (window === undefined) return null;
  const duration = parseDuration(typeof window === 'number' ? `${window}m` : window);
  const minutes = duration && durationMinutes(duration);
  return minutes !== null && minutes <= longestSlice && 1440 % minutes === 0 ? minutes : null;
}
