import type { SloPeriod } from '../slo/slo.ts';
import type { Reporter } from '../yaml/validate.ts';
import { durationMinutes, parseDuration } from './duration.ts';
import { isTimeZone, localTime } from './local-time.ts';
import type { Reach } from './reach.ts';
import type { TimeWindow } from './schemas.ts';

const units = { d: 'day', w: 'week', M: 'month', Q: 'quarter', Y: 'year' } as const;

/** The period of `spec.timeWindow`, a list of exactly one; null when it has errors, which are reported. */
export function readTimeWindow(list: readonly TimeWindow[], reach: Reach, report: Reporter): SloPeriod | null {
  const path = ['spec', 'timeWindow'];
  const window = list[0];
  if (list.length !== 1 || !window) {
    report.error(
      path,
      `"timeWindow" is a list of exactly one window, not ${list.length}.`,
      'Write one SLO per window.',
    );
    return null;
  }
  const duration = parseDuration(window.duration);
  if (!duration) {
    report.error(
      [...path, 0, 'duration'],
      `"${window.duration}" is not a duration.`,
      'Write a number and one of m (minutes), h, d, w, M (months), Q, Y: 30d.',
    );
    return null;
  }
  return window.calendar
    ? calendarPeriod(window, window.calendar, report)
    : rollingPeriod(window, durationMinutes(duration), reach, report);
}

function rollingPeriod(window: TimeWindow, minutes: number | null, reach: Reach, report: Reporter): SloPeriod | null {
  const path = ['spec', 'timeWindow', 0];
  if (window.isRolling === false) {
    report.error(
      [...path, 'isRolling'],
      'A window that does not roll needs a calendar.',
      'Add calendar: { startTime, timeZone }.',
    );
    return null;
  }
  if (minutes === null) {
    report.error(
      [...path, 'duration'],
      `A rolling window has a fixed length; "${window.duration}" has not.`,
      'Write days, such as 30d, or add a calendar.',
    );
    return null;
  }
  if (minutes % 1440 !== 0) {
    const hint = window.duration.endsWith('m') ? '"m" is minutes; months are "M".' : 'Write days, such as 30d.';
    report.error(
      [...path, 'duration'],
      `A rolling window is a whole number of days; "${window.duration}" is not.`,
      hint,
    );
    return null;
  }
  const days = minutes / 1440;
  if (days > reach.days) {
    report.error(
      [...path, 'duration'],
      `A rolling window of ${days} days is longer than the ${reach.days} days of counts that are kept.`,
    );
    return null;
  }
  return { kind: 'rolling', days };
}

function calendarPeriod(
  window: TimeWindow,
  calendar: NonNullable<TimeWindow['calendar']>,
  report: Reporter,
): SloPeriod | null {
  const path = ['spec', 'timeWindow', 0];
  const duration = parseDuration(window.duration)!;
  const unit = duration.unit === 'm' || duration.unit === 'h' ? null : units[duration.unit];
  if (window.isRolling === true)
    report.error(
      [...path, 'isRolling'],
      'A calendar window does not roll.',
      'Write isRolling: false, or leave out the calendar.',
    );
  if (!unit || duration.amount !== 1)
    report.error(
      [...path, 'duration'],
      `A calendar window is one unit long; "${window.duration}" is not.`,
      window.duration === '1m' ? '"m" is minutes; a month is "1M".' : 'One of: 1d, 1w, 1M, 1Q, 1Y.',
    );
  if (!isTimeZone(calendar.timeZone)) {
    report.error(
      [...path, 'calendar', 'timeZone'],
      `"${calendar.timeZone}" is not an IANA time zone.`,
      'Write one such as Europe/Berlin.',
    );
    return null;
  }
  const start = localTime(calendar.startTime, calendar.timeZone);
  if (start === null)
    report.error(
      [...path, 'calendar', 'startTime'],
      `"${calendar.startTime}" is not a time.`,
      'Write 2026-01-01 00:00:00.',
    );
  if (report.failed || !unit || start === null) return null;
  return { kind: 'calendar', unit, timeZone: calendar.timeZone, start };
}
