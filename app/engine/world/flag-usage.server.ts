import { createHash } from 'node:crypto';
import type { ServedDocument, UnleashRead } from '../../clients/unleash/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { FlagState } from '../../domain/flag/flag.ts';
import { evaluatedBy, type SdkFleet } from '../../domain/flag/usage.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Notify } from '../../platform/notify.server.ts';
import { type ServedMark, type StoredServed, servedKeys } from '../../stores/flag/served-flags.server.ts';
import type { ObservationStore } from '../../stores/stores.ts';
import { inParallel } from '../in-parallel.ts';
import type { Task } from '../loop.server.ts';
import { observe } from './observe.server.ts';

interface UsageDeps {
  unleash: Pick<UnleashRead, 'hours' | 'fleet' | 'served'>;
  observations: ObservationStore;
  clock: Clock;
  notify: Notify;
}

/** An Unleash with thousands of flags is gone through in turns. */
const flagsATurn = 100;
const atOnce = 4;

/**
 * Who evaluates which flag, once a minute: `unleash/usage/<flag>` has the hours, `unleash/fleet/<environment>/<application>`
 * the instances, `unleash/applications` the applications of every flag, all in data time.
 */
export function flagUsageTask(deps: UsageDeps): Task {
  const readAt = new Map<string, number>();
  return {
    name: 'poll-flag-usage',
    everyMs: 60_000,
    async run(signal) {
      const { clock, observations } = deps;
      const flags = (await observations.get<FlagState[]>('unleash', 'flags')).value ?? [];
      const names = flags.map(({ flag }) => flag);
      const turn = [...names].sort((a, b) => (readAt.get(a) ?? 0) - (readAt.get(b) ?? 0)).slice(0, flagsATurn);
      const fleets = new Map<string, Pick<SdkFleet, 'application' | 'environment'>>();
      const known = (await observations.get<Record<string, string[]>>('unleash', 'applications')).value ?? {};
      const applications = Object.fromEntries(names.flatMap((name) => (known[name] ? [[name, known[name]]] : [])));
      await inParallel(turn, atOnce, async (flag) => {
        const hours = await observe(deps, 'unleash', `usage/${flag}`, async () => {
          const read = await deps.unleash.hours(flag, signal);
          // By Unleash's own clock: an hour that began before a simulated clock did is the running one all the same.
          applications[flag] = evaluatedBy(read, clock.wall());
          return read.map((one) => ({ ...one, hour: clock.fromWall(one.hour) }));
        });
        readAt.set(flag, clock.wall());
        if (!hours) return;
        for (const { application, environment } of hours)
          fleets.set(`fleet/${environment}/${application}`, { application, environment });
      });
      await inParallel([...fleets], atOnce, async ([key, { application, environment }]) => {
        await observe(deps, 'unleash', key, async () => {
          const fleet = await deps.unleash.fleet(application, environment, signal);
          const instances = fleet.instances.map((one) => ({ ...one, seenAt: clock.fromWall(one.seenAt) }));
          return { ...fleet, instances };
        });
      });
      if (turn.length === 0) return;
      await observations.saw('unleash', 'applications', applications, clock.now());
      await deps.notify('observations');
    },
  };
}

/**
 * What SDKs are served in every declared environment, looked at every 10 s. The look is `unleash/served/<environment>`; the
 * document, which may be large, is stored only when it is another one.
 */
export function servedTask(deps: UsageDeps & { catalog: () => Promise<Catalog | null> }): Task {
  const known = new Map<string, { document: ServedDocument; digest: string }>();
  /** Unleash's client gives the same object again while nothing changed: it is not gone through again. */
  const digestOf = (environment: string, document: ServedDocument): string => {
    const last = known.get(environment);
    if (last?.document === document) return last.digest;
    const digest = createHash('sha256').update(JSON.stringify(document)).digest('hex');
    known.set(environment, { document, digest });
    return digest;
  };
  return {
    name: 'poll-served-flags',
    everyMs: 10_000,
    async run(signal) {
      const { observations, clock } = deps;
      const flags = (await deps.catalog())?.flags ?? [];
      const environments = new Set(flags.flatMap((flag) => flag.environments.map(({ name }) => name)));
      for (const environment of environments) {
        const keys = servedKeys(environment);
        const before = (await observations.get<ServedMark>('unleash', keys.mark)).value?.digest;
        const mark = await observe<ServedMark>(deps, 'unleash', keys.mark, async () => {
          const document = await deps.unleash.served(environment, signal);
          const { revision, features, segments } = document;
          const digest = digestOf(environment, document);
          const stored: StoredServed = { digest, features, segments };
          if (digest !== before) await observations.saw('unleash', keys.document, stored, clock.now());
          return { revision, digest };
        });
        if (mark && mark.digest !== before) await deps.notify('flags');
      }
    },
  };
}
