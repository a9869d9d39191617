/** A stretch of time with a name, ms: a page that would have stood, or an incident that did. `to` null: it still stands. */
export interface Stretch {
  id: string;
  from: number;
  to: number | null;
}

/** Pages and incidents that hang together in time; one of the two lists may be empty, never both. Each oldest first. */
export interface Episode<P extends Stretch, I extends Stretch> {
  pages: P[];
  incidents: I[];
}

/** Stretches this close together tell of the same trouble: as close as alerts that join one incident. */
const besideWithin = 10 * 60_000;
/** Of what nobody closed, only its first day counts: it would stand beside everything that comes after it. */
const longest = 24 * 3_600_000;

/**
 * Puts pages beside incidents: what overlaps, or lies within ten minutes, and is `related`, is one episode, with everything
 * that hangs on it. Each page and each incident is in exactly one episode, in whatever order they come; exchanging the two
 * lists exchanges nothing but their names. Oldest first. `now` ms ends what still stands.
 */
export function sideBySide<P extends Stretch, I extends Stretch>(
  pages: readonly P[],
  incidents: readonly I[],
  related: (page: P, incident: I) => boolean,
  now: number,
): Episode<P, I>[] {
  const bySpan = (a: Stretch, b: Stretch) => a.from - b.from || (a.id < b.id ? -1 : 1);
  const all = {
    pages: [...pages].sort(bySpan),
    incidents: [...incidents].sort(bySpan),
  };
  const found: Episode<P, I>[] = [];
  const ofIncident = new Map<I, Episode<P, I>>();
  for (const page of all.pages) {
    const neighbours = all.incidents.filter((incident) => beside(page, incident, now) && related(page, incident));
    const known = new Set(neighbours.flatMap((incident) => ofIncident.get(incident) ?? []));
    const episode: Episode<P, I> = {
      pages: [...[...known].flatMap((each) => each.pages), page],
      incidents: [...new Set([...[...known].flatMap((each) => each.incidents), ...neighbours])].sort(bySpan),
    };
    for (const each of known) found.splice(found.indexOf(each), 1);
    for (const incident of episode.incidents) ofIncident.set(incident, episode);
    found.push(episode);
  }
  for (const incident of all.incidents) if (!ofIncident.has(incident)) found.push({ pages: [], incidents: [incident] });
  for (const episode of found) episode.pages.sort(bySpan);
  return found.sort((a, b) => startOf(a) - startOf(b));
}

/** When the first of an episode began, ms. */
export function startOf({ pages, incidents }: Episode<Stretch, Stretch>): number {
  return Math.min(...[...pages, ...incidents].map(({ from }) => from));
}

/** How much earlier the first page came than the first incident, ms; negative: later. Null where one of them is missing. */
export function leadOf({ pages, incidents }: Episode<Stretch, Stretch>): number | null {
  const [page, incident] = [pages[0], incidents[0]];
  return page && incident ? incident.from - page.from : null;
}

function beside(a: Stretch, b: Stretch, now: number): boolean {
  return a.from <= endOf(b, now) + besideWithin && b.from <= endOf(a, now) + besideWithin;
}

function endOf({ from, to }: Stretch, now: number): number {
  return Math.min(to ?? Math.max(now, from), from + longest);
}
