import type { CloudRunRevision } from '../clients/cloud-run/port.ts';
import type { ActionKind, Precondition } from '../domain/run/run.ts';
import { previousRevision } from '../domain/service/rollback.ts';

/** Where a step sends traffic, and what kind of change that makes it. */
export type TrafficChoice =
  | {
      ok: true;
      /** Null is LATEST. */
      revision: string | null;
      kind: Extract<ActionKind, 'stop' | 'forward'>;
      preconditions: Precondition[];
    }
  | { ok: false; refused: string };

interface Seen {
  revisions: CloudRunRevision[];
  carriedAll: Record<string, number>;
  /** Revision with the most traffic now. */
  main: string | null;
  /** Percent by the names of all that have traffic now. */
  shares: Record<string, number>;
}

/**
 * Resolves `to`: LATEST, a revision's name, or `previous-healthy`, the last one we saw carry all the traffic before the
 * present one. Going where traffic has been is a stop; LATEST, or a newer revision that never carried it, is a forward change.
 */
export function chooseRevision(to: string, seen: Seen): TrafficChoice {
  if (to.toUpperCase() === 'LATEST') return { ok: true, revision: null, kind: 'forward', preconditions: [] };
  const found =
    to === 'previous-healthy' ? previousHealthy(seen) : (seen.revisions.find((one) => one.name === to) ?? null);
  if (!found) {
    const refused =
      to === 'previous-healthy' ? 'No earlier revision that could serve was seen.' : `Cloud Run has no revision ${to}.`;
    return { ok: false, refused };
  }
  if (found.retired) return { ok: false, refused: `${found.name} is retired and cannot take traffic.` };
  const carried = seen.carriedAll[found.name] !== undefined;
  // Also of a revision that has most of the traffic itself: what it takes more of, it takes from an older one.
  const newer = seen.revisions.some(
    (one) => one.name !== found.name && (seen.shares[one.name] ?? 0) > 0 && found.createdAt > one.createdAt,
  );
  return {
    ok: true,
    revision: found.name,
    kind: newer && !carried ? 'forward' : 'stop',
    preconditions: [
      found.ready
        ? { state: 'pass', text: `${found.name} is ready.` }
        : { state: 'fail', text: `${found.name} is not ready.` },
      carried
        ? { state: 'pass', text: `${found.name} has carried all the traffic before.` }
        : { state: 'unknown', text: neverCarried(found.name) },
    ],
  };
}

/** Said of a revision that nobody saw carry all the traffic: true of every new one. */
export function neverCarried(revision: string): string {
  return `Whether ${revision} ever carried all the traffic is not known.`;
}

function previousHealthy({ revisions, carriedAll, main }: Seen): CloudRunRevision | null {
  const able = revisions.filter((one) => one.name !== main && one.ready && !one.retired);
  const carried = able
    .filter((one) => carriedAll[one.name] !== undefined)
    .sort((a, b) => carriedAll[b.name]! - carriedAll[a.name]!);
  return carried[0] ?? (main === null ? null : previousRevision(revisions, main));
}
