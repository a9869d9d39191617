import type { UnleashEvent, UnleashRead } from '../../clients/unleash/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { FlagState } from '../../domain/flag/flag.ts';
import { describeFlagEvent, type FlagEventWords } from '../../domain/flag/flag-event.ts';
import { segmentChanges } from '../../domain/flag/segment-event.ts';
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
  deps: FlagDeps & {
    ownHand: (of: { flag: string; environment: string | null }, at: number) => Promise<string | null>;
  },
): Task {
  const states = async () => (await deps.observations.get<FlagState[]>('unleash', 'flags')).value;

  async function record(
    { environment: where, createdAt, createdBy }: UnleashEvent,
    externalId: string,
    told: FlagEventWords & { flag: string; environment?: string },
  ): Promise<void> {
    const { flag, title, before, after, defines, environment = where } = told;
    const declared = (await deps.catalog())?.flags.find(({ name }) => name === flag);
    const at = deps.clock.fromWall(createdAt);
    const ours = await deps.ownHand({ flag, environment }, at);
    await deps.changes.record({
      source: 'unleash',
      externalId,
      // A description burns nothing: what gave the flag to people last is not hidden behind it.
      kind: defines ? 'config' : 'flag',
      at,
      service: defines ? null : (declared?.service ?? null),
      environment,
      target: flag,
      title,
      actor: ours ? `${ours}, through Firebreak` : createdBy,
      commit: null,
      url: null,
      before,
      after,
    });
  }

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
      for (const event of events.found) {
        const told = describeFlagEvent(event);
        if (told && event.flag) await record(event, String(event.id), { ...told, flag: event.flag });
        else if (event.type.startsWith('segment-'))
          for (const each of segmentChanges(event, (await states()) ?? []))
            await record(event, `${event.id}/${each.environment}/${each.flag}`, each);
      }
      // The cursor moves only after all were recorded; recording is idempotent, so a crash in between repeats harmlessly.
      await deps.cursors.set(cursorName, events.newest);
    },
  };
}
