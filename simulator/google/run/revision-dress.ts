import { hash } from '../../world/random.ts';
import type { LiveService, WorldRevision } from '../../world/seams.ts';

/** One variable of a container: a plain value, or a version of a secret. */
export interface EnvEntry {
  name: string;
  value?: string;
  secret?: { name: string; version: string };
}

/** What a revision wears in the Admin API beyond what the world knows of it. */
export interface RevisionDress {
  image: string;
  env: EnvEntry[];
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Number of a revision, from its name: 42 for `voiceover-00042-kib`. */
export function revisionNumber(name: string): number {
  return Number(/-(\d+)-[a-z]+$/.exec(name)?.[1] ?? 0);
}

/**
 * Image, variables, labels and annotations of a revision: the same for the same seed. Neighbours differ in their image and
 * now and then in a variable. `newest` is the number of the newest revision that the world began with: flags that a team
 * introduced lately are unknown to revisions before it.
 */
export function dressRevision(
  seed: string,
  service: LiveService,
  revision: WorldRevision,
  newest: number,
): RevisionDress {
  const n = revisionNumber(revision.name);
  const { project, region } = service.target;
  return {
    image: `${region}-docker.pkg.dev/${project}/services/${service.target.service}@sha256:${digest(seed, revision)}`,
    env: environment(seed, service, n),
    labels: {
      service: service.target.service,
      commit: revision.commit,
      author: labelText(revision.author.split('@')[0] ?? ''),
      ...(revision.rollback ? { rollback: revision.rollback } : {}),
    },
    annotations: {
      'firebreak.dev/author': revision.author,
      'firebreak.dev/commit': revision.commit,
      'firebreak.dev/message': revision.message,
      'firebreak.dev/flags': knownFlags(seed, service, n, newest).join(','),
      ...(revision.rollback ? { 'firebreak.dev/rollback': revision.rollback } : {}),
    },
  };
}

function digest(seed: string, revision: WorldRevision): string {
  return Array.from({ length: 8 }, (_, i) =>
    hash(seed, revision.name, revision.commit, i).toString(16).padStart(8, '0'),
  ).join('');
}

function environment(seed: string, service: LiveService, n: number): EnvEntry[] {
  const id = service.target.service;
  // A value holds for some revisions in a row; which ones differs by variable.
  const since = (key: string, period: number) => Math.floor((n + (hash(seed, id, key) % period)) / period);
  const pick = (key: string, period: number, values: string[]) =>
    values[hash(seed, id, key, since(key, period)) % values.length]!;
  return [
    { name: 'LOG_LEVEL', value: pick('LOG_LEVEL', 7, ['info', 'warn']) },
    { name: 'WORKERS', value: pick('WORKERS', 3, ['4', '6', '8']) },
    { name: 'REQUEST_TIMEOUT_MS', value: pick('REQUEST_TIMEOUT_MS', 4, ['5000', '8000', '10000']) },
    {
      name: 'UNLEASH_TOKEN',
      secret: { name: `${id}-unleash-token`, version: String(1 + (since('UNLEASH_TOKEN', 9) % 5)) },
    },
    ...service.dependsOn.map((dependency) => ({
      name: `${dependency.toUpperCase().replaceAll('-', '_')}_KEY`,
      secret: { name: `${id}-${dependency}-key`, version: 'latest' },
    })),
  ];
}

function knownFlags(seed: string, service: LiveService, n: number, newest: number): string[] {
  return service.flags
    .filter((flag) => {
      if (flag.type !== 'release' && flag.type !== 'experiment') return true;
      return n >= newest - 1 - (hash(seed, flag.name, 'introduced') % 3);
    })
    .map((flag) => flag.name)
    .sort();
}

/** Label values hold lower-case letters, digits, _ and - only. */
function labelText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '-')
    .slice(0, 63);
}
