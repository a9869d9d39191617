/** What the engine stored of a Cloud Run service: its traffic, its revisions and since when traffic is pinned by name. */
export interface ServiceReading {
  service: {
    ready: boolean;
    reconciling: boolean;
    latestReadyRevision: string | null;
    trafficStatuses: { revision: string | null; percent: number; tag: string | null }[];
  };
  revisions: { name: string; createdAt: number; ready: boolean; retired: boolean; labels: Record<string, string> }[];
  pinnedSince: number | null;
}
