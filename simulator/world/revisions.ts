import { hash, uniform } from './random.ts';
import type { WorldRevision } from './seams.ts';

const dayMs = 86_400_000;
const letters = 'abcdefghijklmnopqrstuvwxyz';
const authors = ['mira@studio.example', 'jonas@studio.example', 'ada@studio.example', 'grace@studio.example'];
const messages = [
  'Raise the client timeout to 8 s',
  'Cache the project header',
  'Update dependencies',
  'Log the request id of the caller',
  'Split long scripts into chunks',
  'Return 404 instead of 500 for deleted projects',
  'Trim the container image',
];

/** Name and dress of revision number `n` of a Cloud Run service: the same for the same seed. */
export function makeRevision(
  seed: string,
  service: string,
  n: number,
  createdAt: number,
  over: Partial<WorldRevision> = {},
): WorldRevision {
  const pick = (what: string, size: number) => hash(seed, service, n, what) % size;
  const suffix = [0, 1, 2].map((i) => letters[pick(`letter${i}`, 26)]).join('');
  return {
    name: `${service}-${String(n).padStart(5, '0')}-${suffix}`,
    createdAt,
    author: authors[pick('author', authors.length)]!,
    commit: hash(seed, service, n, 'commit').toString(16).padStart(8, '0').slice(0, 7),
    message: messages[pick('message', messages.length)]!,
    rollback: pick('rollback', 3) === 0 ? null : 'safe',
    ...over,
  };
}

/**
 * The revisions of a Cloud Run service over the 35 days before `worldStart`, oldest first: one was live
 * before that, then one each three to six days. Each took all traffic from its creation on.
 */
export function initialRevisions(seed: string, service: string, worldStart: number): WorldRevision[] {
  const times = [];
  // The newest is at least 18 hours old, so that no drill is explained by an ordinary deploy.
  for (let age = 0.75 + uniform(seed, service, 'first') * 2, i = 0; age < 35; i++) {
    times.unshift(worldStart - age * dayMs);
    age += 3 + uniform(seed, service, 'gap', i) * 3;
  }
  times.unshift(worldStart - 36 * dayMs);
  const first = 20 + (hash(seed, service, 'number') % 20);
  return times.map((at, i) => makeRevision(seed, service, first + i, Math.round(at / 1000) * 1000));
}
