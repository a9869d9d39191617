/** What a revision is made of. Of the values in `env` only fingerprints are known, and only names are ever shown. */
export interface RevisionContent {
  name: string;
  createdAt: number;
  image: string;
  env: { name: string; fingerprint: string | null; secret: string | null }[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Whether going back is known to be safe, and by what. */
export interface HopSafety {
  rollback: 'safe' | 'unsafe' | 'unknown';
  reason: string;
}

/**
 * Whether traffic may go from `from` back to `to`, over all revisions in between: each step back to its predecessor is
 * judged by `judge`, and the worst one counts. One unsafe step makes the way unsafe; silence is unknown, never safe.
 */
export function rollbackPath<R extends { name: string; createdAt: number }>(
  revisions: R[],
  from: R,
  to: R,
  judge: (revision: R, previous: R) => HopSafety,
): HopSafety {
  const way = revisions
    .filter(({ createdAt }) => createdAt >= to.createdAt && createdAt <= from.createdAt)
    .sort((a, b) => b.createdAt - a.createdAt);
  const hops = way.slice(0, -1).map((revision, index) => ({ revision, ...judge(revision, way[index + 1]!) }));
  const worst =
    hops.find(({ rollback }) => rollback === 'unsafe') ?? hops.find(({ rollback }) => rollback === 'unknown');
  if (worst) return { rollback: worst.rollback, reason: `${worst.revision.name}: ${worst.reason}` };
  if (hops.length === 0) return { rollback: 'unknown', reason: `${to.name} is not older than ${from.name}` };
  const names = hops.map(({ revision }) => revision.name).join(', ');
  return { rollback: 'safe', reason: `${names}: ${[...new Set(hops.map(({ reason }) => reason))].join('; ')}` };
}

/** What differs between two revisions, a line each: image digest, names of variables, secret versions. Empty: nothing seen differs. */
export function revisionDifferences(from: RevisionContent, to: RevisionContent): string[] {
  const lines: string[] = [];
  if (from.image !== to.image) lines.push(`image ${digestText(from.image)} → ${digestText(to.image)}`);
  const names = [...new Set([...from.env, ...to.env].map(({ name }) => name))].sort();
  for (const name of names) {
    const [before, after] = [from, to].map(({ env }) => env.find((entry) => entry.name === name));
    if (!after) lines.push(`${name} is not set in ${to.name}`);
    else if (!before) lines.push(`${name} is set in ${to.name} only`);
    else if (before.secret !== after.secret && before.secret && after.secret) {
      lines.push(`${name} takes secret ${before.secret} → ${after.secret}`);
    } else if (before.secret !== after.secret || before.fingerprint !== after.fingerprint)
      lines.push(`${name} changed`);
  }
  return lines;
}

/** Secrets that a revision takes as `latest`: going back brings today's value, not the one of then. */
export function latestSecrets(revision: RevisionContent): string[] {
  return revision.env.flatMap(({ secret }) => (secret?.endsWith(':latest') ? [secret.replace(/:latest$/, '')] : []));
}

/** Flags that `newer` knows and `older` does not; null when one of them does not list its flags (`firebreak.dev/flags`). */
export function flagsOnlyInNewer(newer: RevisionContent, older: RevisionContent): string[] | null {
  const [known, before] = [flagsOf(newer), flagsOf(older)];
  return known && before ? known.filter((flag) => !before.includes(flag)) : null;
}

/** The revision that was live before `current`, as far as revisions alone can tell: the newest older one that can serve. */
export function previousRevision<R extends { name: string; createdAt: number; ready: boolean; retired: boolean }>(
  revisions: R[],
  current: string,
): R | null {
  const now = revisions.find(({ name }) => name === current);
  if (!now) return null;
  const older = revisions.filter(({ createdAt, ready, retired }) => createdAt < now.createdAt && ready && !retired);
  return older.sort((a, b) => b.createdAt - a.createdAt)[0] ?? null;
}

function flagsOf(revision: RevisionContent): string[] | null {
  const listed = revision.annotations['firebreak.dev/flags'] ?? revision.labels.flags;
  return listed === undefined ? null : listed.split(/[,\s]+/).filter((flag) => flag !== '');
}

function digestText(image: string): string {
  const digest = /@sha256:([0-9a-f]{12})/.exec(image)?.[1];
  return digest ?? image.split(':').at(-1) ?? image;
}
