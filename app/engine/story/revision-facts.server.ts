import type { MonitoringRead } from '../../clients/cloud-monitoring/port.ts';
import type { ObservedService } from '../../clients/cloud-run/port.ts';
import { type RevisionFacts, revisionCohorts } from '../../domain/change/rollback.ts';
import type { Slo } from '../../domain/slo/slo.ts';

const minuteMs = 60_000;
const revisionPath = 'resource.label.revision_name';

/** What is known of a service's revisions that take traffic: labels, where traffic would go back to, and their counts. */
export async function readRevisionFacts(
  monitoring: MonitoringRead,
  input: { service: string; slo: Slo; observed: ObservedService; from: number; to: number; signal?: AbortSignal },
): Promise<RevisionFacts[]> {
  const { service, slo, observed } = input;
  const points = await minutesByRevision(monitoring, slo, input);
  const byAge = [...observed.revisions].sort((a, b) => b.createdAt - a.createdAt);
  return byAge.slice(0, 5).map((revision) => {
    const first = points.filter((point) => point.revision === revision.name)[0]?.at ?? revision.createdAt;
    const older = byAge.filter((other) => other.createdAt < revision.createdAt);
    const carried = older.filter(({ name }) => observed.carriedAll[name] !== undefined);
    const previous = carried[0] ?? older[0] ?? null;
    return {
      service,
      revision: revision.name,
      labels: { ...revision.labels },
      cohorts: revisionCohorts(points, revision.name, first),
      shift: shiftOf(points, revision.name, first),
      previous: previous && {
        name: previous.name,
        createdAt: previous.createdAt,
        ready: previous.ready,
        retired: previous.retired,
      },
    };
  });
}

interface Point {
  revision: string;
  /** Start of the minute. */
  at: number;
  bad: number;
  total: number;
}

async function minutesByRevision(
  monitoring: MonitoringRead,
  { indicator }: Slo,
  range: { from: number; to: number; signal?: AbortSignal },
): Promise<Point[]> {
  if (indicator.kind !== 'ratio' && indicator.kind !== 'good-ratio') return [];
  const query = { from: range.from, to: range.to, signal: range.signal, periodSeconds: 60, groupBy: [revisionPath] };
  const [total, other] = await Promise.all([
    monitoring.counts({ ...indicator.total, ...query }),
    monitoring.counts({ ...(indicator.kind === 'ratio' ? indicator.bad : indicator.good), ...query }),
  ]);
  const points = new Map<string, Point>();
  for (const { labels, points: counts } of total) {
    const revision = labels.revision_name ?? '';
    for (const { end, value } of counts) {
      const bad = indicator.kind === 'ratio' ? 0 : value;
      points.set(`${revision} ${end}`, { revision, at: end - minuteMs, bad, total: value });
    }
  }
  for (const { labels, points: counts } of other) {
    for (const { end, value } of counts) {
      const point = points.get(`${labels.revision_name ?? ''} ${end}`);
      if (point) point.bad += indicator.kind === 'ratio' ? value : -value;
    }
  }
  return [...points.values()].sort((a, b) => a.at - b.at);
}

/** Counts since a revision first served, and of the service in as many minutes before. */
function shiftOf(points: readonly Point[], revision: string, first: number): RevisionFacts['shift'] {
  const last = points.at(-1)?.at;
  if (last === undefined || points[0] === undefined || points[0].at >= first) return null;
  const sum = (some: readonly Point[]) => ({
    bad: some.reduce((all, { bad }) => all + bad, 0),
    total: some.reduce((all, { total }) => all + total, 0),
  });
  // The minute of the switch belongs to neither side.
  const after = points.filter((point) => point.revision === revision && point.at > first);
  const before = points.filter(({ at }) => at < first && at >= first - Math.max(last - first, 10 * minuteMs));
  return after.length > 0 && before.length > 0 ? { after: sum(after), before: sum(before) } : null;
}
