import type { PagingMode } from '../slo/slo.ts';

/** What is said of an incident for which no page is known: who would page for it, and whether that may still come. */
export interface NotPaged {
  status: 'open' | 'resolved';
  /** Whether Firebreak pages at all. */
  mode: 'observe' | 'shadow' | 'act';
  /** Who pages for the SLOs whose alerts reached a page tier. */
  pagers: readonly PagingMode[];
  /** True once PagerDuty refused our page, or was not reached with it. */
  isTroubled: boolean;
  /** True while somebody keeps all of it from paging. */
  isSilenced?: boolean;
}

/** A clause such as "Cloud Monitoring pages for this": "nobody was paged" is said only where that is known. */
export function notPagedText({ status, mode, pagers, isTroubled, isSilenced }: NotPaged): string {
  if (pagers.includes('cloud-monitoring'))
    return 'Cloud Monitoring pages for this: no PagerDuty incident of it was read';
  if (mode !== 'act') return `nobody was paged by Firebreak, which is set to ${mode}`;
  if (isSilenced && status === 'open') return 'nobody was paged: it is silenced';
  if (pagers.includes('firebreak')) {
    if (status === 'resolved') return 'it ended before PagerDuty had taken a page';
    return isTroubled ? 'nobody was paged so far' : 'the page is being sent';
  }
  if (pagers.includes('shadow')) return 'nobody was paged: its paging is set to shadow';
  return status === 'open' ? 'nobody was paged so far' : 'nobody was paged';
}
