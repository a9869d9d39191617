/** A revision as pages and rules need it. Ages in ms since the epoch. */
export interface ObservedRevision {
  name: string;
  createdAt: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** The part of a service's observation that change detection looks at. */
export interface ObservedTraffic {
  generation: string;
  /** What is in force: percent by revision name. */
  percent: Record<string, number>;
  revisions: ObservedRevision[];
}

/** A change that an observation reveals. `at` is exact for new revisions and the time of observation for traffic. */
export interface RevisionChange {
  externalId: string;
  kind: 'revision' | 'traffic';
  at: number;
  target: string;
  title: string;
  actor: string | null;
  commit: string | null;
  before: unknown;
  after: unknown;
}

/**
 * What changed between two observations of one service; before the first observation only its revisions are known.
 * A new revision that took traffic by itself is one change, told by its traffic.
 */
export function revisionChanges(before: ObservedTraffic | null, after: ObservedTraffic, now: number): RevisionChange[] {
  const known = new Set(before?.revisions.map(({ name }) => name));
  const fresh = after.revisions.filter(({ name }) => !known.has(name));
  const changes: RevisionChange[] = [];
  for (const revision of fresh) {
    const share = after.percent[revision.name] ?? 0;
    changes.push({
      externalId: `revision/${revision.name}`,
      kind: 'revision',
      at: revision.createdAt,
      target: revision.name,
      title: share > 0 ? `${revision.name} took ${share} % of traffic` : `${revision.name} deployed, without traffic`,
      actor: revision.annotations['firebreak.dev/author'] ?? revision.labels.author ?? null,
      commit: revision.annotations['firebreak.dev/commit'] ?? revision.labels.commit ?? null,
      before: before?.percent ?? null,
      after: after.percent,
    });
  }
  if (!before || samePercent(before.percent, after.percent)) return changes;
  const taker = Object.entries(after.percent)
    .filter(([name, percent]) => percent > (before.percent[name] ?? 0))
    .sort((a, b) => b[1] - a[1])[0];
  if (!taker || fresh.some(({ name }) => name === taker[0])) return changes;
  const [target, percent] = taker;
  const revision = after.revisions.find(({ name }) => name === target);
  changes.push({
    externalId: `traffic/${after.generation}`,
    kind: 'traffic',
    at: now,
    target,
    title: `${target} ${before.percent[target] ?? 0} → ${percent} % of traffic`,
    actor: null,
    commit: revision?.labels.commit ?? null,
    before: before.percent,
    after: after.percent,
  });
  return changes;
}

function samePercent(a: Record<string, number>, b: Record<string, number>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? 0) === (b[name] ?? 0));
}
