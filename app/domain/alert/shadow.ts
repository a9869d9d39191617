import type { PagingMode, Tier } from '../slo/slo.ts';
import { isNight } from './night.ts';
import { type Episode, leadOf, type Stretch, sideBySide } from './side-by-side.ts';

/** A stretch in which one SLO's alert stood at a page tier and nobody was paged by Firebreak for it. */
export interface WouldPage extends Stretch {
  slo: string;
  service: string;
  tier: Tier;
  /** Incident of ours that it belongs to. */
  incident: string | null;
}

/** An incident that PagerDuty paged somebody for: of high urgency. */
export interface RealIncident extends Stretch {
  number: number | null;
  title: string;
  url: string;
  /** Catalog ids of the services it is about. */
  services: string[];
  /** Incident of ours that it belongs to. */
  incident: string | null;
  /** The SLO that Firebreak itself paged for; null where another pager did. */
  ownSlo: string | null;
}

/** What came of putting would-have-been pages beside real incidents. */
export interface Comparison {
  pages: number;
  /** Pages beside a real incident; the others were alone. */
  beside: number;
  /** Pages that began at night. */
  atNight: number;
  incidents: number;
  /** Real incidents beside which no page would have stood. */
  missed: number;
  /** Mean time that the first page of an episode came before its first incident, ms; negative: after it. Null without any. */
  lead: number | null;
}

/** True when Firebreak records what it would have paged for this SLO instead of paging. */
export function inShadow(paging: PagingMode, mode: 'observe' | 'shadow' | 'act'): boolean {
  return paging === 'shadow' || (paging === 'firebreak' && mode !== 'act');
}

/** The pages that nobody got: without those that Firebreak did send for the SLO, as it may have had another pager then. */
export function notSent(pages: readonly WouldPage[], incidents: readonly RealIncident[]): WouldPage[] {
  const sent = new Set(incidents.map(({ incident, ownSlo }) => `${incident}/${ownSlo}`));
  return pages.filter(({ incident, slo }) => !sent.has(`${incident}/${slo}`));
}

/** Puts pages beside the incidents of the same service, or of the same incident of ours. `now` ms. */
export function compareShadow<P extends WouldPage>(
  pages: readonly P[],
  incidents: readonly RealIncident[],
  now: number,
): Episode<P, RealIncident>[] {
  const related = (page: WouldPage, incident: RealIncident) =>
    incident.services.includes(page.service) || (page.incident !== null && page.incident === incident.incident);
  return sideBySide(pages, incidents, related, now);
}

/**
 * One cause, one page: stretches of one incident of ours that overlap are one page, which the first of them sent. Those
 * without an incident stand for themselves. Oldest first.
 */
export function onePageEach(pages: readonly WouldPage[]): WouldPage[] {
  const merged: WouldPage[] = [];
  const last = new Map<string, WouldPage>();
  for (const page of [...pages].sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))) {
    const open = page.incident === null ? undefined : last.get(page.incident);
    if (open && (open.to === null || page.from <= open.to)) {
      open.to = open.to === null || page.to === null ? null : Math.max(open.to, page.to);
      continue;
    }
    const own = { ...page };
    merged.push(own);
    if (page.incident !== null) last.set(page.incident, own);
  }
  return merged;
}

/** Counts what began in [from, to) (ms): each page and each incident once. */
export function tally(
  episodes: readonly Episode<WouldPage, RealIncident>[],
  { from, to, timeZone }: { from: number; to: number; timeZone: string },
): Comparison {
  const within = (stretch: Stretch) => stretch.from >= from && stretch.from < to;
  const counted = episodes.map((episode) => ({
    ...episode,
    pagesIn: episode.pages.filter(within),
    incidentsIn: episode.incidents.filter(within),
  }));
  const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0);
  const pages = counted.flatMap(({ pagesIn }) => pagesIn);
  const leads = counted
    .filter(({ pagesIn, incidentsIn }) => pagesIn.length + incidentsIn.length > 0)
    .flatMap((episode) => leadOf(episode) ?? []);
  return {
    pages: pages.length,
    beside: sum(counted.map(({ pagesIn, incidents }) => (incidents.length > 0 ? pagesIn.length : 0))),
    atNight: pages.filter((page) => isNight(page.from, timeZone)).length,
    incidents: sum(counted.map(({ incidentsIn }) => incidentsIn.length)),
    missed: sum(counted.map(({ incidentsIn, pages }) => (pages.length === 0 ? incidentsIn.length : 0))),
    lead: leads.length > 0 ? sum(leads) / leads.length : null,
  };
}
