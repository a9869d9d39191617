import type { ObservedService } from '../../clients/cloud-run/port.ts';
import type { Outside } from '../../clients/outside.server.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Change, Cohorts, SuspectList } from '../../domain/change/change.ts';
import type { RevisionFacts } from '../../domain/change/rollback.ts';
import { weigh } from '../../domain/change/suspects.ts';
import type { FlagState } from '../../domain/flag/flag.ts';
import { isSafe } from '../../domain/flag/kill-plan.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { eventObjective } from '../../domain/slo/slices.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { Stores } from '../../stores/stores.ts';
import { readFailureText } from '../given-up.ts';
import { inParallel } from '../in-parallel.ts';
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
/** One reading of a story waits this long (wall): a stalled system costs its own panel, not the others' turn. */
const readingMs = 12_000;
const incidentsAtOnce = 4;

/** What fails and what changed, told again every 20 s while an incident is open; each reading costs its own panel only. */
export function createStory(deps: {
  outside: Pick<Outside, 'monitoring' | 'prometheus' | 'logging'>;
  stores: Pick<Stores, 'catalog' | 'changes' | 'incidents' | 'observations' | 'slos'>;
  clock: Clock;
  notify: Notify;
  environment: string;
}) {
  const { outside, stores, clock, environment } = deps;
  const { observations } = stores;
  const seen = { observations, clock };
  const lists = new Map<string, { at: number; list: SuspectList }>();
  /** The last counts of each comparison, for when the next cannot be read. */
  const lastRead = new Map<string, unknown>();

  /** Counts by flag and by revision. What cannot be read now is what was read last: its times stand in the text. */
  async function compare(
    catalog: Catalog,
    incident: Burning,
    changes: readonly Change[],
    signal: AbortSignal,
  ): Promise<Comparisons> {
    const { service, slo, onset } = incident;
    // Only settled minutes are compared: failures seen before their successes would make cohorts look different.
    const to = Math.floor((clock.now() - (slo?.settle ?? 0)) / minuteMs) * minuteMs;
    const from = (onset ?? to - 60 * minuteMs) - 60 * minuteMs;
    const moved = new Set(changes.filter(({ kind }) => kind === 'flag').map(({ target }) => target));
    let failure: Error | null = null;
    const readOr = async <T>(key: string, last: T, read: () => Promise<T>): Promise<T> => {
      try {
        const value = await read();
        lastRead.set(key, value);
        return value;
      } catch (error) {
        failure = error as Error;
        return lastRead.has(key) ? (lastRead.get(key) as T) : last;
      }
    };
    const cohortsByFlag: Record<string, Cohorts | null> = {};
    await Promise.all(
      catalog.flags
        .filter(({ name }) => moved.has(name))
        .map(async (flag) => {
          const range = { from: onset ?? from, to, signal };
          const key = `${incident.key}/flag/${flag.name}`;
          cohortsByFlag[flag.name] = await readOr<Cohorts | null>(key, null, () =>
            readCohorts(outside.monitoring, flag, range),
          );
        }),
    );
    const observed = service
      ? (await observations.get<ObservedService>('cloud-run', `service/${service}`)).value
      : null;
    const comparable = slo !== null && slo.indicator.kind !== 'latency' && onset !== null && onset < to;
    const revisions =
      service && observed && comparable
        ? await readOr<RevisionFacts[]>(`${incident.key}/revisions`, [], () =>
            readRevisionFacts(outside.monitoring, { service, slo, observed, from, to, signal }),
          )
        : [];
    return { cohortsByFlag, revisions, failure };
  }

  async function weighFor(catalog: Catalog, incident: Burning, signal: AbortSignal): Promise<Weighed> {
    const now = clock.now();
    const { slo, onset } = incident;
    const changes = await stores.changes.recent({ since: (onset ?? now) - horizonMs, limit: mostChanges });
    const { cohortsByFlag, revisions, failure } = await compare(catalog, incident, changes, signal);
    const list = weigh({
      incident: { service: incident.service, slo: slo?.id ?? null, onset, began: await beganWith(slo) },
      changes,
      services: catalog.services,
      flags: catalog.flags,
      evaluation: slo ? { objective: eventObjective(slo) } : null,
      cohortsByFlag,
      revisions,
      safeFlags: await safeFlags(catalog),
      environment,
      now,
    });
    return { list, failure };
  }

  async function beganWith(slo: Slo | null): Promise<string | undefined> {
    const state = slo && (await stores.slos.state(slo.id));
    return state?.evaluation.condition === 'traffic-vanished' ? 'the loss of traffic' : undefined;
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

  /** Weighs anew; where counts could not be read the list says so, and an older one with counts is kept over one without. */
  async function tellSuspects(catalog: Catalog, incident: Burning, id: string, signal: AbortSignal): Promise<void> {
    const key = `suspects/${id}`;
    const begun = clock.now();
    const { list, failure } = await weighFor(catalog, incident, signal);
    const before = (await observations.get<SuspectList>('firebreak', key)).value;
    const isPoorer = failure !== null && before?.main != null && list.main === null && !lastReadOf(incident.key);
    if (!isPoorer) await observations.saw('firebreak', key, list, begun);
    if (failure) await observations.failed('firebreak', key, readFailureText(failure, readingMs), clock.now());
  }

  function lastReadOf(key: string): boolean {
    return [...lastRead.keys()].some((one) => one.startsWith(`${key}/`));
  }

  async function tellOne(catalog: Catalog, incident: Incident, signal: AbortSignal): Promise<void> {
    const to = Math.floor(clock.now() / minuteMs) * minuteMs;
    const slo = catalog.slos.find(({ id }) => id === incident.slo) ?? null;
    const { service, startedAt } = incident;
    const onset = startedAt ?? incident.openedAt;
    const target = catalog.services.find(({ id }) => id === service)?.cloudRun;
    await Promise.all([
      tellSuspects(catalog, { key: incident.id, service, slo, onset }, incident.id, signal),
      slo &&
        observe(
          seen,
          'cloud-monitoring',
          `failures/${slo.id}`,
          () => {
            const from = Math.max(startedAt ?? to - 60 * minuteMs, to - 6 * 60 * minuteMs);
            return readFailures(outside, slo, { from: Math.floor(from / minuteMs) * minuteMs, to, signal });
          },
          readingMs,
        ),
      target &&
        observe(
          seen,
          'cloud-logging',
          `loglines/${service}`,
          () => readErrorLines(outside.logging, target, { onset, to: clock.now(), signal }),
          readingMs,
        ),
    ]);
  }

  return {
    /** Weighs what changed for an SLO that burns; a list of the last two minutes is taken again. */
    async suspectsOfSlo(slo: Slo, onset: number | null): Promise<SuspectList | null> {
      const known = lists.get(slo.id);
      if (known && clock.now() - known.at < freshMs) return known.list;
      const catalog = await stores.catalog.current();
      if (!catalog) return null;
      const burning = { key: slo.id, service: slo.service, slo, onset };
      const { list } = await weighFor(catalog, burning, AbortSignal.timeout(readingMs));
      lists.set(slo.id, { at: clock.now(), list });
      return list;
    },

    /** Tells every open incident's story into its observations. */
    async tell(signal: AbortSignal): Promise<void> {
      const catalog = await stores.catalog.current();
      if (!catalog) return;
      const open = await stores.incidents.open();
      const keys = new Set([...open.map(({ id }) => id), ...catalog.slos.map(({ id }) => id)]);
      for (const key of lastRead.keys()) if (!keys.has(key.slice(0, key.indexOf('/')))) lastRead.delete(key);
      await inParallel(open, incidentsAtOnce, (incident) =>
        tellOne(catalog, incident, AbortSignal.any([signal, AbortSignal.timeout(readingMs)])),
      );
      await deps.notify('observations');
    },
  };
}

/** What is weighed: `key` tells its readings from others'. */
interface Burning {
  key: string;
  service: string | null;
  slo: Slo | null;
  onset: number | null;
}

interface Comparisons {
  cohortsByFlag: Record<string, Cohorts | null>;
  revisions: RevisionFacts[];
  /** Why some of the counts are not from now. */
  failure: Error | null;
}

interface Weighed {
  list: SuspectList;
  failure: Error | null;
}
