import type { PagerDutyIncident } from './incident.ts';

/** The PagerDuty incidents that still escalate because nobody has acknowledged them. */
export function waitingPages<Page extends Pick<PagerDutyIncident, 'status'>>(pagerDuty: readonly Page[]): Page[] {
  return pagerDuty.filter(({ status }) => status === 'triggered');
}

/** `#412`, or the id where PagerDuty gave no number. */
export function pageName({ id, number }: Pick<PagerDutyIncident, 'id' | 'number'>): string {
  return number === null ? id : `#${number}`;
}
