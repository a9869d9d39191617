import type { RevisionPoint } from '../slo/hold.ts';
import type { Change, Cohorts } from './change.ts';

/** What is known of a revision that took traffic, from Cloud Run, our own observations and counts by revision. */
export interface RevisionFacts {
  /** Catalog id of its service. */
  service: string;
  revision: string;
  labels: Record<string, string>;
  /** Counts of this revision against all others, over minutes in which both served (`revisionCohorts`); null without any. */
  cohorts: Cohorts | null;
  /** Counts since it took traffic, and of the service before; null when unknown. */
  shift: { after: { bad: number; total: number }; before: { bad: number; total: number } } | null;
  /** Where traffic would go back to; null when there is nothing. */
  previous: { name: string; createdAt: number; ready: boolean; retired: boolean } | null;
}

/** Whether going back from a revision is known to be safe, and from where that is known. */
export interface RollbackSafety {
  rollback: 'safe' | 'unsafe' | 'unknown';
  reason: string;
}

/**
 * Judges going back to the previous revision. "Safe" comes from a label or a change record only; a migration recorded since
 * the previous revision makes it unsafe, unless the migration's own record says otherwise.
 */
export function rollbackSafety(facts: RevisionFacts, changes: readonly Change[], now: number): RollbackSafety {
  const label = facts.labels.rollback;
  if (label === 'unsafe') return { rollback: 'unsafe', reason: 'its label says so' };
  const records = changes.filter(({ target, service }) => target === facts.revision && service === facts.service);
  if (records.some((change) => recorded(change) === 'unsafe'))
    return { rollback: 'unsafe', reason: 'its record says so' };
  const since = facts.previous?.createdAt ?? Number.POSITIVE_INFINITY;
  const migrations = changes.filter(
    (change) =>
      change.kind === 'migration' &&
      change.at > since &&
      change.at <= now &&
      (change.service === facts.service || change.service === null) &&
      recorded(change) !== 'safe',
  );
  const own = migrations.find(({ service }) => service !== null);
  if (own) return { rollback: 'unsafe', reason: `migration ${own.target} was recorded in between` };
  if (migrations[0]) {
    return {
      rollback: 'unknown',
      reason: `migration ${migrations[0].target} was recorded in between, for no named service`,
    };
  }
  if (label === 'safe') return { rollback: 'safe', reason: 'its label says so' };
  if (records.some((change) => recorded(change) === 'safe')) return { rollback: 'safe', reason: 'its record says so' };
  return { rollback: 'unknown', reason: 'no label and no schema record' };
}

/** What a change record says of going back: `rollback` in what stood there afterwards. */
function recorded({ after }: Change): unknown {
  return after !== null && typeof after === 'object' && 'rollback' in after ? after.rollback : null;
}

/**
 * Counts of a revision against all others since `from`, over whole minutes in which both served; null without two of
 * them. The minute of the switch does not count: its two halves saw different times. `at` is a minute's start, ms.
 */
export function revisionCohorts(points: readonly RevisionPoint[], revision: string, from: number): Cohorts | null {
  const minutes = new Map<number, Cohorts>();
  for (const { revision: name, at, bad, total } of points) {
    if (at < from) continue;
    const minute = minutes.get(at) ?? {
      with: { bad: 0, total: 0 },
      without: { bad: 0, total: 0 },
      from: at,
      to: at + 60_000,
    };
    const side = name === revision ? minute.with : minute.without;
    side.bad += bad;
    side.total += total;
    minutes.set(at, minute);
  }
  const both = [...minutes.values()].filter((minute) => minute.with.total > 0 && minute.without.total > 0);
  if (both.length < 2) return null;
  const sum = (side: 'with' | 'without') => ({
    bad: both.reduce((total, minute) => total + minute[side].bad, 0),
    total: both.reduce((total, minute) => total + minute[side].total, 0),
  });
  return {
    with: sum('with'),
    without: sum('without'),
    from: Math.min(...both.map((minute) => minute.from)),
    to: Math.max(...both.map((minute) => minute.to)),
  };
}
