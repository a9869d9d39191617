import { initialRevisions } from '#simulator/world/revisions.ts';
import type { CloudRunControl, LiveService } from '#simulator/world/seams.ts';

/** Traffic without a Cloud Run in front: the newest revision gets everything. For tests of the world alone. */
export function createSingleRevision(seed: string, worldStart: number, services: LiveService[]): CloudRunControl {
  const latest = new Map(
    services.map(({ id, target }) => [id, initialRevisions(seed, target.service, worldStart).at(-1)!.name]),
  );
  const listeners = new Set<(service: string) => void>();
  return {
    trafficOf: (service) => [{ revision: latest.get(service)!, share: 1 }],
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    deploy(service, revision) {
      latest.set(service, revision.name);
      for (const listener of listeners) listener(service);
    },
  };
}
