import type { Catalog } from '../../domain/catalog.ts';
import { sourceNamed, sourceOf } from '../../domain/slo/data-source.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { CursorStore } from '../../stores/cursors.server.ts';
import {
  insertIncident,
  lockIncidents,
  readIncident,
  updateIncident,
} from '../../stores/incident/incident-writes.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { createGoneFor, takenOutAfter } from '../gone-for.ts';
import type { IncidentDeps } from '../incidents/deps.ts';
import { type Blindness, blindFrom, blindSince, describeBlindness, type SourceStates, sees } from './blindness.ts';
import { closeBlind, pageBlind } from './page-blind.server.ts';

/** What was found longer ago than this, because nobody evaluates these SLOs now, says nothing of a source. */
const knownForMs = 3 * 60_000;

/** The incident that stands for a blind source; null or missing while it sees. */
interface Standing {
  incident: string;
  /** SLOs that it blinds, as far as they were told of; missing in what was stored before this was kept. */
  blind?: string[];
  /** Some of them are not in a page that could leave yet. */
  owed?: boolean;
}

/** Why it is over, as the timeline says it. */
const seesAgain = {
  line: 'Data comes again, and what was missed is read.',
  resolved: 'Resolved: every SLO is watched again.',
};
const takenOut: typeof seesAgain = {
  line: 'No SLO of the catalog reads this source any more.',
  resolved: 'Resolved: nothing is watched through this source any more.',
};

/**
 * A source that gives nothing for ten minutes is an incident of its own: nobody is watched by it and no alert fires or
 * clears. One page per source, however many SLOs it blinds, and another when it blinds more; it ends when all of them see again.
 */
export function watchSources(
  deps: IncidentDeps & {
    /** What the engines that evaluate have found of each SLO's source since a moment (ms). */
    sources: (since: number) => Promise<SourceStates>;
    cursors: CursorStore;
  },
) {
  const goneFor = createGoneFor(takenOutAfter);
  let states: SourceStates = new Map();

  return async (): Promise<void> => {
    const now = deps.clock.now();
    const catalog = await deps.catalog();
    if (!catalog) return;
    states = await deps.sources(now - knownForMs);
    const sources = Map.groupBy(catalog.slos, sourceOf);
    await closeTakenOut(new Set(sources.keys()), now);
    for (const [from, slos] of sources) {
      const blind = slos.filter((slo) => blindSince(states, slo, now) !== null);
      const cursor = `blind/${from}`;
      const standing = await deps.cursors.get<Standing>(cursor);
      const begins = blind.length > 0 && !standing;
      const ends = standing && slos.every((slo) => sees(states, slo));
      if (standing && !ends) await goOn(standing, catalog, { from, slos, blind }, now);
      if (!begins && !ends) continue;
      await deps.db.transaction().execute(async (tx) => {
        await lockIncidents(tx);
        if (begins) {
          const incident = await open(tx, catalog, { from, slos, blind }, now);
          await deps.cursors.set(cursor, { incident, blind: blind.map(({ id }) => id) } satisfies Standing, tx);
        } else if (standing) {
          await closeBlind(deps, tx, standing.incident, now, seesAgain);
          await deps.cursors.set(cursor, null, tx);
        }
        await deps.notify('incidents', tx);
      });
    }
  };

  async function open(tx: Tx, catalog: Catalog, blindness: Blindness, now: number): Promise<string> {
    const since = blindFrom(states, blindness.blind, now);
    const { title, text } = describeBlindness(states, catalog.sources, blindness, since, now);
    const incident = await insertIncident(tx, {
      title,
      status: 'open',
      level: 'page',
      service: null,
      slo: null,
      tier: null,
      startedAt: since,
      openedAt: now,
      pagedAt: null,
      resolvedAt: null,
      runbook: sourceNamed(catalog.sources ?? [], blindness.from)?.runbook ?? null,
      children: [],
    });
    await recordTimeline(tx, incident.id, [{ key: 'blind', at: now, kind: 'alert', text }]);
    await pageBlind(deps, tx, incident, catalog, blindness, { since, now });
    return incident.id;
  }

  /**
   * Looks again at a source that goes on being blind. When it blinds more than was told, its incident is open again, whoever
   * resolved it, and pages anew: the death of a whole server must not hide behind one SLO that has been without data for a week.
   */
  async function goOn(standing: Standing, catalog: Catalog, blindness: Blindness, now: number): Promise<void> {
    const { from, slos, blind } = blindness;
    const known = new Set(standing.blind ?? blind.map(({ id }) => id));
    const more = blind.filter(({ id }) => !known.has(id));
    await deps.db.transaction().execute(async (tx) => {
      await lockIncidents(tx);
      let incident = await readIncident(tx, standing.incident);
      if (!incident) return;
      if (more.length > 0) {
        const { title, text } = describeBlindness(
          states,
          catalog.sources,
          blindness,
          blindFrom(states, more, now),
          now,
        );
        incident = { ...incident, title, status: 'open', resolvedAt: null };
        await updateIncident(tx, incident);
        await recordTimeline(tx, incident.id, [{ key: `blind/${now}`, at: now, kind: 'alert', text }]);
        await deps.notify('incidents', tx);
      }
      const anew = standing.owed === true || more.length > 0;
      const since = more.length > 0 ? blindFrom(states, more, now) : (incident.startedAt ?? now);
      const told =
        incident.status !== 'open' || (await pageBlind(deps, tx, incident, catalog, blindness, { since, now, anew }));
      // One that sees again counts as more when it is blind the next time.
      const still = slos
        .filter((slo) => blind.includes(slo) || (known.has(slo.id) && !sees(states, slo)))
        .map(({ id }) => id);
      const owed = anew && !told;
      const same = standing.blind?.length === still.length && more.length === 0 && owed === (standing.owed ?? false);
      if (!same)
        await deps.cursors.set(`blind/${from}`, { incident: incident.id, blind: still, owed } satisfies Standing, tx);
    });
  }

  /** A source that no SLO reads any more blinds nobody. */
  async function closeTakenOut(declared: ReadonlySet<string>, now: number): Promise<void> {
    const cursors = await deps.db.selectFrom('cursor').select('name').where('name', 'like', 'blind/%').execute();
    const gone = cursors.map(({ name }) => name).filter((name) => !declared.has(name.slice('blind/'.length)));
    for (const cursor of goneFor(gone, now)) {
      const standing = await deps.cursors.get<Standing>(cursor);
      if (!standing) continue;
      await deps.db.transaction().execute(async (tx) => {
        await lockIncidents(tx);
        await closeBlind(deps, tx, standing.incident, now, takenOut);
        await deps.cursors.set(cursor, null, tx);
        await deps.notify('incidents', tx);
      });
    }
  }
}
