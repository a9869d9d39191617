/** One entry of a service's traffic; `revision` null is LATEST, the newest ready revision. */
export interface TrafficEntry {
  revision: string | null;
  percent: number;
  tag: string | null;
}

/** What of a Cloud Run service says where its traffic is and whether it has settled. Generations are strings, as in the API. */
export interface TrafficState {
  generation: string;
  observedGeneration: string;
  reconciling: boolean;
  ready: boolean;
  traffic: TrafficEntry[];
  trafficStatuses: TrafficEntry[];
  latestReadyRevision: string | null;
}

/**
 * Traffic with `percent` of it on `to` (a revision's name, or null for LATEST). What is left stays with those who have it
 * now, in their proportion; tagged entries are carried over, because traffic is replaced whole. Whole numbers, sum 100.
 */
export function routeBack(current: TrafficEntry[], to: string | null, percent: number): TrafficEntry[] {
  const others = byRevision(current).filter(({ revision }) => revision !== to);
  const rest = share(others, 100 - percent);
  // Where nobody else has traffic, there is nobody to leave a rest with.
  const mine = rest.length > 0 ? percent : 100;
  const tags = current.filter(({ tag }) => tag !== null).map(({ revision, tag }) => ({ revision, percent: 0, tag }));
  return [{ revision: to, percent: mine, tag: null }, ...rest, ...tags].filter(
    (entry) => entry.percent > 0 || entry.tag !== null,
  );
}

/** What is in force, percent by revision name; LATEST is resolved. */
export function inForce(
  service: Pick<TrafficState, 'trafficStatuses' | 'latestReadyRevision'>,
): Record<string, number> {
  return resolved(service.trafficStatuses, service.latestReadyRevision);
}

/** Why a change of traffic is not done yet, in words; null when it is. The operation itself is asked for apart. */
export function unsettled(service: TrafficState, intent: TrafficEntry[]): string | null {
  if (service.reconciling) return 'Cloud Run is still reconciling';
  if (service.generation !== service.observedGeneration) {
    return `Cloud Run has seen generation ${service.observedGeneration} of ${service.generation}`;
  }
  if (!service.ready) return 'the service is not ready';
  const [wanted, found] = [resolved(intent, service.latestReadyRevision), inForce(service)];
  if (canonical(wanted) !== canonical(found)) return `traffic is ${trafficText(found)}, not ${trafficText(wanted)}`;
  const missing = tagsOf(intent).filter((tag) => !tagsOf(service.trafficStatuses).includes(tag));
  return missing.length > 0 ? `the tag ${missing.join(', ')} is missing` : null;
}

/** True when all traffic goes to revisions by name: the next deploy will get none, silently. */
export function pinned(service: Pick<TrafficState, 'traffic'>): boolean {
  return !service.traffic.some(({ revision, percent }) => revision === null && percent > 0);
}

/** True when two intents send the same shares to the same places. */
export function sameTraffic(a: TrafficEntry[], b: TrafficEntry[]): boolean {
  const shape = (entries: TrafficEntry[]) =>
    canonical(Object.fromEntries(byRevision(entries).map(({ revision, percent }) => [revision ?? '', percent])));
  return shape(a) === shape(b) && tagsOf(a).sort().join() === tagsOf(b).sort().join();
}

/** Traffic in words: "voiceover-00042-kib 95 %, voiceover-00041-abc 5 %". */
export function trafficText(percents: Record<string, number>): string {
  const entries = Object.entries(percents).sort((a, b) => b[1] - a[1]);
  return entries.map(([revision, percent]) => `${revision} ${percent} %`).join(', ') || 'nowhere';
}

function resolved(entries: TrafficEntry[], latest: string | null): Record<string, number> {
  const percents: Record<string, number> = {};
  for (const { revision, percent } of entries) {
    const name = revision ?? latest ?? 'LATEST';
    if (percent > 0) percents[name] = (percents[name] ?? 0) + percent;
  }
  return percents;
}

/** Untagged entries, one a revision, in order of appearance; without traffic none. */
function byRevision(entries: TrafficEntry[]): TrafficEntry[] {
  const sums = new Map<string | null, number>();
  for (const { revision, percent } of entries) {
    if (percent > 0) sums.set(revision, (sums.get(revision) ?? 0) + percent);
  }
  return [...sums].map(([revision, percent]) => ({ revision, percent, tag: null }));
}

/** Divides `total` in the proportion of the entries; the largest remainders get the last percents. */
function share(entries: TrafficEntry[], total: number): TrafficEntry[] {
  const sum = entries.reduce((all, { percent }) => all + percent, 0);
  if (sum === 0) return [];
  const exact = entries.map((entry) => ({ entry, value: (entry.percent / sum) * total }));
  const floors = exact.map(({ value }) => Math.floor(value));
  let left = total - floors.reduce((all, value) => all + value, 0);
  const order = exact
    .map(({ value }, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of order) {
    if (left === 0) break;
    floors[index]! += 1;
    left -= 1;
  }
  return entries.map((entry, index) => ({ ...entry, percent: floors[index]! }));
}

function tagsOf(entries: TrafficEntry[]): string[] {
  return entries.flatMap(({ tag }) => (tag === null ? [] : [tag]));
}

function canonical(percents: Record<string, number>): string {
  return JSON.stringify(Object.entries(percents).sort(([a], [b]) => (a < b ? -1 : 1)));
}
