import type { Change } from './change.ts';

/** A tool tells of its deployment about when it happens. */
const apartMs = 15 * 60_000;

/**
 * Changes without those that only tell again what we saw ourselves: a deployment that its tool also sent to PagerDuty stands
 * once, as the revision that Cloud Run shows, with the link of the telling. Keeps the order.
 */
export function withoutEchoes(changes: readonly Change[]): Change[] {
  const echoes = new Map<string, Change>();
  for (const told of changes) {
    if (told.source !== 'pagerduty') continue;
    const seen = changes.find((change) => isSame(change, told));
    if (seen) echoes.set(told.id, seen);
  }
  const tellingOf = (change: Change) => changes.find(({ id }) => echoes.get(id) === change);
  return changes
    .filter(({ id }) => !echoes.has(id))
    .map((change) => {
      const telling = tellingOf(change);
      if (!telling) return change;
      const { url, actor, commit } = telling;
      return { ...change, url: change.url ?? url, actor: change.actor ?? actor, commit: change.commit ?? commit };
    });
}

function isSame(seen: Change, told: Change): boolean {
  if (seen.source !== 'cloud-run' || seen.kind !== 'revision') return false;
  if (Math.abs(seen.at - told.at) > apartMs || (told.service !== null && told.service !== seen.service)) return false;
  const revision = detail(told, 'revision') ?? told.target;
  if (revision === seen.target) return true;
  return seen.commit !== null && told.commit !== null && sameCommit(seen.commit, told.commit) && told.service !== null;
}

/** One may be the short form of the other. */
function sameCommit(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return length >= 7 && a.slice(0, length) === b.slice(0, length);
}

function detail({ after }: Change, name: string): string | null {
  const value = after !== null && typeof after === 'object' ? (after as Record<string, unknown>)[name] : null;
  return typeof value === 'string' ? value : null;
}
