import type { Outside } from '../../clients/outside.server.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Cohorts, SuspectList } from '../../domain/change/change.ts';
import { weigh } from '../../domain/change/suspects.ts';
import type { FlagState } from '../../domain/flag/flag.ts';
import { isSafe } from '../../domain/flag/kill-plan.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { Stores } from '../../stores/stores.ts';
import type { ObservedService } from '../world/cloud-run.server.ts';
import { observe } from '../world/observe.server.ts';
import { readCohorts } from './cohorts.server.ts';
import { readErrorLines } from './error-lines.server.ts';
import { readFailures } from './failures.server.ts';
import { readRevisionFacts } from './revision-facts.server.ts';

const minuteMs = 60_000;
const horizonMs = 24 * 60 * minuteMs;
/** A list this fresh is good enough for the words of a page. */
const freshMs = 2 * minuteMs;
const mostChanges = 500;

/** What fails and what changed, told again every 20 s while an incident is open; each reading costs its own panel only. */
export function createStory(deps: {
  outside: Pick<Outside, 'monitoring' | 'logging'>;
  stores: Pick<Stores, 'catalog' | 'changes' | 'incidents' | 'observations' | 'slos'>;
  clock: Clock;
  notify: Notify;
  environment: string;
}) {
  const { outside, stores, clock, environment } = deps;
  const { observations } = stores;
  const seen = { observations, clock };
  const lists = new Map<string, { at: number; list: SuspectList }>();

  async function weighFor(
    catalog: Catalog,
    incident: { service: string | null; slo: Slo | null; onset: number | null },
    signal?: AbortSignal,
  ): Promise<SuspectList> {
    const now = clock.now();
    const { slo, onset } = incident;
    // Only settled minutes are compared: failures seen before their successes would make cohorts look different.
    const to = Math.floor((now - (slo?.settle ?? 0)) / minuteMs) * minuteMs;
    const comparable = slo !== null && slo.indicator.kind !== 'latency' && onset !== null && onset < to;
    const from = (onset ?? to - 60 * minuteMs) - 60 * minuteMs;
    const changes = await stores.changes.recent({ since: (onset ?? now) - horizonMs, limit: mostChanges });
    const moved = new Set(changes.filter(({ kind }) => kind === 'flag').map(({ target }) => target));
    const cohortsByFlag: Record<string, Cohorts | null> = {};
    const flags = catalog.flags.filter(({ name }) => moved.has(name));
    await Promise.all(
      flags.map(async (flag) => {
        // A count that cannot be read is no comparison, and says so by its absence.
        cohortsByFlag[flag.name] = await readCohorts(outside.monitoring, flag, {
          from: onset ?? from,
          to,
          signal,
        }).catch(() => null);
      }),
    );
    const observed = incident.service
      ? (await observations.get<ObservedService>('cloud-run', `service/${incident.service}`)).value
      : null;
    const revisions =
      observed && comparable && incident.service
        ? await readRevisionFacts(outside.monitoring, {
            service: incident.service,
            slo,
            observed,
            from,
            to,
            signal,
          }).catch(() => [])
        : [];
    return weigh({
      incident: { service: incident.service, slo: slo?.id ?? null, onset },
      changes,
      services: catalog.services,
      flags: catalog.flags,
      evaluation: slo ? { objective: slo.objective } : null,
      cohortsByFlag,
      revisions,
      safeFlags: await safeFlags(catalog),
      environment,
      now,
    });
  }

  async function safeFlags(catalog: Catalog): Promise<string[]> {
    const states = (await observations.get<FlagState[]>('unleash', 'flags')).value ?? [];
    return catalog.flags
      .filter(({ name, safe }) => {
        const here = states
          .find(({ flag }) => flag === name)
          ?.environments.find((one) => one.environment === environment);
        return here !== undefined && isSafe(here, safe);
      })
      .map(({ name }) => name);
  }

  return {
    /** Weighs what changed for an SLO that burns; a list of the last two minutes is taken again. */
    async suspectsOfSlo(slo: Slo, onset: number | null): Promise<SuspectList | null> {
      const known = lists.get(slo.id);
      if (known && clock.now() - known.at < freshMs) return known.list;
      const catalog = await stores.catalog.current();
      if (!catalog) return null;
      const list = await weighFor(catalog, { service: slo.service, slo, onset });
      lists.set(slo.id, { at: clock.now(), list });
      return list;
    },

    /** Tells every open incident's story into its observations. */
    async tell(signal: AbortSignal): Promise<void> {
      const catalog = await stores.catalog.current();
      if (!catalog) return;
      const to = Math.floor(clock.now() / minuteMs) * minuteMs;
      for (const incident of await stores.incidents.open()) {
        const slo = catalog.slos.find(({ id }) => id === incident.slo) ?? null;
        const onset = incident.startedAt;
        await observe(seen, 'firebreak', `suspects/${incident.id}`, () =>
          weighFor(catalog, { service: incident.service, slo, onset: onset ?? incident.openedAt }, signal),
        );
        if (slo) {
          const from = Math.max(onset ?? to - 60 * minuteMs, to - 6 * 60 * minuteMs);
          await observe(seen, 'cloud-monitoring', `failures/${slo.id}`, () =>
            readFailures(outside.monitoring, slo, { from: Math.floor(from / minuteMs) * minuteMs, to, signal }),
          );
        }
        const target = catalog.services.find(({ id }) => id === incident.service)?.cloudRun;
        if (target && incident.service) {
          const range = { onset: onset ?? incident.openedAt, to: clock.now(), signal };
          await observe(seen, 'cloud-logging', `loglines/${incident.service}`, () =>
            readErrorLines(outside.logging, target, range),
          );
        }
      }
      await deps.notify('observations');
    },
  };
}
