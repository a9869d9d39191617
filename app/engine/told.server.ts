import { paths } from '../paths.ts';
import type { EngineParts } from './parts.ts';
import { createStory } from './story/story.server.ts';

/** What incidents are told with, and the story that gives their pages words. */
export function createTold(parts: EngineParts) {
  const { db, clock, log, notices, deployment, outside, stores } = parts;
  const { notify } = notices;
  return {
    incidents: {
      db,
      clock,
      notify,
      log,
      catalog: () => stores.catalog.current(),
      observations: stores.observations,
      mode: deployment.mode,
      tickets: parts.tickets,
      pagerDuty: outside.pagerDuty.read,
      incidentUrl: (id: string) => `${deployment.baseUrl}${paths.incident(id)}`,
    },
    story: createStory({ outside, stores, clock, notify, environment: deployment.environment }),
  };
}

/** What `createTold` makes. */
export type Told = ReturnType<typeof createTold>;
