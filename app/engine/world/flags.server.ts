import type { UnleashRead } from '../../clients/unleash/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Change } from '../../domain/change/change.ts';
import { describeFlagEvent } from '../../domain/flag/flag-event.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { CursorStore } from '../../stores/cursors.server.ts';
import type { ChangeStore, ObservationStore } from '../../stores/stores.ts';
import type { Task } from '../loop.server.ts';
import { observe } from './observe.server.ts';

interface FlagDeps {
  unleash: UnleashRead;
  observations: ObservationStore;
  changes: ChangeStore;
  cursors: CursorStore;
  catalog: () => Promise<Catalog | null>;
  clock: Clock;
  notify: Notify;
}

/** Flag states every 2 s, as the observation `unleash/flags`, with Unleash's own times in data time. */
export function flagsTask(deps: FlagDeps): Task {
  let last = '';
  return {
    name: 'poll-flags',
    everyMs: 2_000,
    async run(signal) {
      const flags = await observe(deps, 'unleash', 'flags', async () =>
        (await deps.unleash.flags(signal)).map((flag) => ({
          ...flag,
          createdAt: deps.clock.fromWall(flag.createdAt),
          lastSeenAt: flag.lastSeenAt && deps.clock.fromWall(flag.lastSeenAt),
        })),
      );
      const seen = JSON.stringify(flags);
      if (seen !== last) await deps.notify('flags');
      last = seen;
    },
  };
}

const cursorName = 'unleash-events';

/**
 * Unleash's audit events every 5 s, as changes. Event times are Unleash's own clock and are converted to data time; what we did
 * ourselves stands under the name of whoever confirmed it, not of our token.
 */
export function flagEventsTask(
  deps: FlagDeps & { ownHand: (target: string, at: number) => Promise<string | null> },
): Task {
  return {
    name: 'poll-flag-events',
    everyMs: 5_000,
    async run(signal) {
      const since = (await deps.cursors.get<number>(cursorName)) ?? 0;
      const events = await observe(deps, 'unleash', 'events', async () => {
        const found = await deps.unleash.events(since, signal);
        return { newest: found.at(-1)?.id ?? since, found };
      });
      if (!events || events.found.length === 0) return;
      const flags = (await deps.catalog())?.flags ?? [];
      for (const event of events.found) {
        const told = describeFlagEvent(event);
        if (!told || !event.flag) continue;
        const declared = flags.find(({ name }) => name === event.flag);
        const at = deps.clock.fromWall(event.createdAt);
        const ours = event.environment && (await deps.ownHand(`flag/${event.environment}/${event.flag}`, at));
        const change: Omit<Change, 'id'> = {
          source: 'unleash',
          externalId: String(event.id),
          kind: 'flag',
          at,
          service: declared?.service ?? null,
          environment: event.environment,
          target: event.flag,
          title: told.title,
          actor: ours ? `${ours}, through Firebreak` : event.createdBy,
          commit: null,
          url: null,
          before: told.before,
          after: told.after,
        };
        await deps.changes.record(change);
      }
      // The cursor moves only after all were recorded; recording is idempotent, so a crash in between repeats harmlessly.
      await deps.cursors.set(cursorName, events.newest);
    },
  };
}
