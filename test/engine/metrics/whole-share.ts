import type { Share } from '#app/engine/metrics/share.server.ts';
import type { Db } from '#app/platform/db.server.ts';

/** The share of an engine that is alone: everything is its own, whatever it writes. */
export function wholeShare(db: Db): Share {
  return {
    settle: async () => () => true,
    fenced: (work) => db.transaction().execute(work),
    evaluated: async () => undefined,
    stop: async () => undefined,
  };
}
