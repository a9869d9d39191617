import type { Read } from './observed-panel.tsx';

/** What pages show of a Cloud Run service: its traffic, its revisions and since when traffic is pinned by name. */
export interface ServiceReading {
  service: {
    ready: boolean;
    reconciling: boolean;
    latestReadyRevision: string | null;
    trafficStatuses: { revision: string | null; percent: number; tag: string | null }[];
  };
  revisions: { name: string; createdAt: number; ready: boolean; retired: boolean; labels: Record<string, string> }[];
  pinnedSince: number | null;
  /** True when it was pinned already at the first look. */
  pinnedAtLeast?: boolean;
}

/** Only what pages show goes to a browser: a stored reading holds every label, annotation and variable of every revision. */
export function shownService(read: Read<ServiceReading>): Read<ServiceReading> {
  if (read.value === null) return read;
  const { service, revisions, pinnedSince, pinnedAtLeast } = read.value;
  return {
    ...read,
    value: {
      service: {
        ready: service.ready,
        reconciling: service.reconciling,
        latestReadyRevision: service.latestReadyRevision,
        trafficStatuses: service.trafficStatuses,
      },
      revisions: revisions.map(({ name, createdAt, ready, retired, labels }) => ({
        name,
        createdAt,
        ready,
        retired,
        labels: Object.fromEntries(['commit', 'author'].flatMap((key) => (labels[key] ? [[key, labels[key]]] : []))),
      })),
      pinnedSince,
      pinnedAtLeast,
    },
  };
}
