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
  const main = seen.revisions.find((one) => one.name === seen.main);
  const carried = seen.carriedAll[found.name] !== undefined;
  const newer = main !== undefined && found.createdAt > main.createdAt;
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
        : { state: 'unknown', text: `Whether ${found.name} ever carried all the traffic is not known.` },
    ],
  };
}

function previousHealthy({ revisions, carriedAll, main }: Seen): CloudRunRevision | null {
  const able = revisions.filter((one) => one.name !== main && one.ready && !one.retired);
  const carried = able
    .filter((one) => carriedAll[one.name] !== undefined)
    .sort((a, b) => carriedAll[b.name]! - carriedAll[a.name]!);
  return carried[0] ?? (main === null ? null : previousRevision(revisions, main));
}
