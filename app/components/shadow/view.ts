import {
  type Comparison,
  compareShadow,
  inShadow,
  notSent,
  onePageEach,
  type RealIncident,
  tally,
  type WouldPage,
} from '../../domain/alert/shadow.ts';
import { shadowVerdict } from '../../domain/alert/shadow-words.ts';
import { type Episode, startOf } from '../../domain/alert/side-by-side.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { PagingMode, Slo } from '../../domain/slo/slo.ts';
import type { ShadowWish } from './wish.ts';

const dayMs = 86_400_000;

/** One SLO's pages beside the real incidents of its service. */
export interface ShadowRow extends Comparison {
  id: string;
  title: string;
  service: string;
  team: string | null;
  /** For how long it was evaluated within the days asked for, ms. */
  watched: number;
  /** Of the incidents it missed, those that another SLO would have paged for. */
  elsewhere: number;
}

/** What would have been paged, beside what was. */
export interface ShadowView {
  from: number;
  to: number;
  verdict: string;
  all: Comparison;
  rows: ShadowRow[];
  /** Newest first. */
  episodes: Episode<WouldPage, RealIncident>[];
}

/** What of the stores a report is made of. */
interface ShadowReads {
  pages(slos: readonly string[], from: number, to: number): Promise<WouldPage[]>;
  incidents(from: number, to: number): Promise<RealIncident[]>;
  evaluated(slos: readonly string[]): Promise<Map<string, { from: number; to: number }>>;
}

type ShadowSlo = Pick<Slo, 'id' | 'title' | 'service'> & { paging: PagingMode; team: string | null };

/** The SLOs in shadow that the wish asks for, by service and title. */
export function shadowSlos(
  catalog: Catalog | null,
  mode: Parameters<typeof inShadow>[1],
  wish: ShadowWish,
): ShadowSlo[] {
  const teamOf = new Map((catalog?.services ?? []).map(({ id, owner }) => [id, owner]));
  return (catalog?.slos ?? [])
    .map(({ id, title, service, paging }) => ({ id, title, service, paging, team: teamOf.get(service) ?? null }))
    .filter(
      ({ id, service, team, paging }) =>
        inShadow(paging, mode) &&
        (wish.slo === '' || wish.slo === id) &&
        (wish.service === '' || wish.service === service) &&
        (wish.team === '' || wish.team === team),
    )
    .sort((a, b) => (`${a.service}\0${a.title}` < `${b.service}\0${b.title}` ? -1 : 1));
}

/** Compares these SLOs over the days asked for. `now` ms. */
export async function shadowView(
  slos: readonly ShadowSlo[],
  { days }: Pick<ShadowWish, 'days'>,
  { now, timeZone }: { now: number; timeZone: string },
  reads: ShadowReads,
): Promise<ShadowView> {
  const range = { from: now - days * dayMs, to: now, timeZone };
  const ids = slos.map(({ id }) => id);
  // One day more, so that what began just before the first day finds what it belongs to.
  const since = range.from - dayMs;
  const [stored, known, evaluated] = await Promise.all([
    reads.pages(ids, since, now),
    reads.incidents(since, now),
    reads.evaluated(ids),
  ]);
  const pages = notSent(stored, known);
  const services = new Set(slos.map(({ service }) => service));
  const own = new Set(pages.flatMap(({ incident }) => incident ?? []));
  const concerns = (incident: RealIncident, these: ReadonlySet<string>, ours: ReadonlySet<string>) =>
    incident.services.some((each) => these.has(each)) || (incident.incident !== null && ours.has(incident.incident));
  // What was over before an SLO was watched could not have been paged by it.
  const begin = [...evaluated.values()].reduce((first, { from }) => Math.min(first, from), now);
  const incidents = known.filter((each) => concerns(each, services, own) && (each.to ?? now) >= begin);

  const episodes = compareShadow(onePageEach(pages), incidents, now);
  const met = new Set(episodes.filter((each) => each.pages.length > 0).flatMap((each) => each.incidents));
  const pagesOf = Map.groupBy(pages, ({ slo }) => slo);
  const rows = slos.map(({ id, title, service, team }) => {
    const mine = pagesOf.get(id) ?? [];
    const ours = new Set(mine.flatMap(({ incident }) => incident ?? []));
    const watchedFrom = evaluated.get(id)?.from ?? now;
    const about = incidents.filter(
      (each) => (each.to ?? now) >= watchedFrom && concerns(each, new Set([service]), ours),
    );
    const alone = compareShadow(mine, about, now);
    const within = ({ from }: RealIncident) => from >= range.from;
    const missed = alone.filter((each) => each.pages.length === 0).flatMap((each) => each.incidents.filter(within));
    return {
      id,
      title,
      service,
      team,
      ...tally(alone, range),
      watched: watchedIn(evaluated.get(id), range.from),
      elsewhere: missed.filter((incident) => met.has(incident)).length,
    };
  });
  const all = tally(episodes, range);
  const watched = Math.max(0, ...rows.map((row) => row.watched));
  return {
    from: range.from,
    to: now,
    verdict: shadowVerdict(all, days, watched),
    all,
    rows: rows.sort((a, b) => b.pages + b.missed - (a.pages + a.missed)),
    episodes: episodes.filter((each) => startOf(each) >= range.from).reverse(),
  };
}

function watchedIn(evaluated: { from: number; to: number } | undefined, from: number): number {
  return evaluated ? Math.max(0, evaluated.to - Math.max(evaluated.from, from)) : 0;
}
