import type { Catalog } from '../../domain/catalog.ts';
import { dedupKey } from '../../domain/incident/dedup-key.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { repageAfter, resendRefusedAfter } from '../../domain/incident/paging.ts';
import { silencedText, silenceOf } from '../../domain/silence/silence.ts';
import { sourceNamed, sourceOf } from '../../domain/slo/data-source.ts';
import type { Slo } from '../../domain/slo/slo.ts';
import { type SourceState, unread } from '../../domain/slo/source-state.ts';
import type { Tx } from '../../platform/db.server.ts';
import type { CursorStore } from '../../stores/cursors.server.ts';
import { insertIncident, lockIncidents, readIncident, updateIncident } from '../../stores/incident-writes.server.ts';
import { createOutboxStore, isRefused } from '../../stores/outbox.server.ts';
import { pagerDutyOf } from '../../stores/pagerduty-incidents.server.ts';
import { standingSilences } from '../../stores/silences.server.ts';
import { readTimeline, recordTimeline } from '../../stores/timeline.server.ts';
import { createGoneFor, takenOutAfter } from '../gone-for.ts';
import type { IncidentDeps } from '../incidents/deps.ts';
import { type StoredEvent, silencedKey } from '../incidents/page.server.ts';

/** A source blind for this long pages its owner, once. */
const blindAfterMs = 10 * 60_000;
/** What was found longer ago than this, because nobody evaluates these SLOs now, says nothing of a source. */
const knownForMs = 3 * 60_000;
/** SLOs that are named; there may be thousands. */
const mostNamed = 20;

/** The incident that stands for a blind source; null or missing while it sees. */
interface Standing {
  incident: string;
  /** SLOs that it blinds, as far as they were told of; missing in what was stored before this was kept. */
  blind?: string[];
  /** Some of them are not in a page that could leave yet. */
  owed?: boolean;
}

/** A source that blinds `blind` of its `slos`. */
interface Blindness {
  from: string;
  slos: Slo[];
  blind: Slo[];
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
    sources: (since: number) => Promise<ReadonlyMap<string, SourceState>>;
    cursors: CursorStore;
  },
) {
  const goneFor = createGoneFor(takenOutAfter);
  let states: ReadonlyMap<string, SourceState> = new Map();
  const stateOf = (id: string) => states.get(id) ?? unread;
  const blindSince = ({ id }: Slo, now: number): number | null => {
    const { error, errorAt, readAt, silentFrom } = stateOf(id);
    const since = error === null ? silentFrom : (silentFrom ?? readAt ?? errorAt);
    return since !== null && now - since >= blindAfterMs ? since : null;
  };
  const sees = ({ id }: Slo) => {
    const { error, silentFrom, readAt } = stateOf(id);
    return error === null && silentFrom === null && readAt !== null;
  };

  return async (): Promise<void> => {
    const now = deps.clock.now();
    const catalog = await deps.catalog();
    if (!catalog) return;
    states = await deps.sources(now - knownForMs);
    const sources = Map.groupBy(catalog.slos, sourceOf);
    await closeTakenOut(new Set(sources.keys()), now);
    for (const [from, slos] of sources) {
      const blind = slos.filter((slo) => blindSince(slo, now) !== null);
      const cursor = `blind/${from}`;
      const standing = await deps.cursors.get<Standing>(cursor);
      const begins = blind.length > 0 && !standing;
      const ends = standing && slos.every(sees);
      if (standing && !ends) await goOn(standing, catalog, { from, slos, blind }, now);
      if (!begins && !ends) continue;
      await deps.db.transaction().execute(async (tx) => {
        await lockIncidents(tx);
        if (begins) {
          const incident = await open(tx, catalog, { from, slos, blind }, now);
          await deps.cursors.set(cursor, { incident, blind: blind.map(({ id }) => id) } satisfies Standing, tx);
        } else if (standing) {
          await close(tx, standing.incident, now, seesAgain);
          await deps.cursors.set(cursor, null, tx);
        }
        await deps.notify('incidents', tx);
      });
    }
  };

  async function open(tx: Tx, catalog: Catalog, blindness: Blindness, now: number): Promise<string> {
    const since = begun(blindness.blind, now);
    const { title, text } = describe(catalog, blindness, since, now);
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
    await pageBlind(tx, incident, catalog, blindness, { since, now });
    return incident.id;
  }

  /** When (ms) the first of these became blind. */
  function begun(slos: readonly Slo[], now: number): number {
    return Math.min(...slos.map((slo) => blindSince(slo, now) ?? now));
  }

  function describe(catalog: Catalog, { from, slos, blind }: Blindness, since: number, now: number) {
    const name = sourceNamed(catalog.sources ?? [], from)?.title ?? `Cloud Monitoring of ${from}`;
    const part = slos.some(sees) ? ` for ${blind.length} of its ${slos.length} SLOs` : '';
    const error = blind.map(({ id }) => stateOf(id).error).find((one) => one !== null) ?? null;
    const minutes = Math.round((now - since) / 60_000);
    const why = error ? `it does not answer (${error})` : 'it answers, but no new point has come';
    return {
      title: `Blind: ${name} gives no data${part}`,
      text: `${name} is blind${part} for ${minutes} min: ${why}. Until it sees again ${unwatched(blind)}, and no alert fires or clears: ${titlesOf(blind)}.`,
    };
  }

  /**
   * Pages that a source is blind, once, and `anew` when it blinds more; a page that PagerDuty refused is sent anew while it is
   * blind, and one that a silence of the source kept from leaving leaves when that is over. False while a silence keeps it.
   */
  async function pageBlind(
    tx: Tx,
    incident: Incident,
    catalog: Catalog,
    { from, blind }: Blindness,
    { since, now, anew = false }: { since: number; now: number; anew?: boolean },
  ): Promise<boolean> {
    if (!blind.some(({ paging }) => paging === 'firebreak')) return true;
    const kept = (key: string, why: string) =>
      recordTimeline(tx, incident.id, [
        { key, at: now, kind: 'page', text: `Would have paged that it is blind (${why})` },
      ]);
    if (deps.mode !== 'act') {
      await kept('would-page', `FIREBREAK_MODE is ${deps.mode}`);
      return true;
    }
    const last = await createOutboxStore(deps.db).last(tx, dedupKey(incident.id, 'page'));
    const refused = last !== null && isRefused(last) && now - last.created_at >= resendRefusedAfter;
    if (!anew && last && last.held_back_at === null && !refused) return true;
    const what = { slo: '', service: '', source: from };
    const silence = silenceOf(what, await standingSilences(tx, now), now);
    if (silence) {
      await kept(silencedKey('page', { id: 'blind' }, silence.id), silencedText(silence));
      return false;
    }
    const source = sourceNamed(catalog.sources ?? [], from);
    const minutes = Math.round((now - since) / 60_000);
    const lines = await readTimeline(tx, incident.id);
    const text = lines.findLast(({ kind }) => kind === 'alert')?.text ?? incident.title;
    const event: StoredEvent = {
      action: 'trigger',
      dedupKey: dedupKey(incident.id, 'page'),
      summary: `Blind for ${minutes} min: no data, ${unwatched(blind)} · ${text}`.slice(0, 1_024),
      severity: 'critical',
      source: source?.title ?? incident.title,
      links: [{ href: deps.incidentUrl(incident.id), text: 'Open in Firebreak' }],
      details: {
        incident: incident.id,
        source: from,
        owner: source?.owner ?? null,
        slos: blind.slice(0, mostNamed).map(({ id }) => id),
      },
    };
    // PagerDuty wakes nobody by a trigger that joins what stands: a page that somebody may have put aside is ended first.
    const old = anew && last !== null && now - last.created_at >= repageAfter;
    const stands = old && (await pagerDutyOf(tx, incident.id)).some(({ status }) => status !== 'resolved');
    if (stands) await enqueue(tx, { ...event, action: 'resolve' }, incident.id, now);
    await enqueue(tx, event, incident.id, now);
    return true;
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
        const { title, text } = describe(catalog, blindness, begun(more, now), now);
        incident = { ...incident, title, status: 'open', resolvedAt: null };
        await updateIncident(tx, incident);
        await recordTimeline(tx, incident.id, [{ key: `blind/${now}`, at: now, kind: 'alert', text }]);
        await deps.notify('incidents', tx);
      }
      const anew = standing.owed === true || more.length > 0;
      const since = more.length > 0 ? begun(more, now) : (incident.startedAt ?? now);
      const told =
        incident.status !== 'open' || (await pageBlind(tx, incident, catalog, blindness, { since, now, anew }));
      // One that sees again counts as more when it is blind the next time.
      const still = slos.filter((slo) => blind.includes(slo) || (known.has(slo.id) && !sees(slo))).map(({ id }) => id);
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
        await close(tx, standing.incident, now, takenOut);
        await deps.cursors.set(cursor, null, tx);
        await deps.notify('incidents', tx);
      });
    }
  }

  /** PagerDuty's incident, where it was told, ends ours when it hears that it is over; else ours ends here. */
  async function close(tx: Tx, id: string, now: number, words: typeof seesAgain): Promise<void> {
    const incident = await readIncident(tx, id);
    if (!incident) return;
    const key = dedupKey(id, 'page');
    await recordTimeline(tx, id, [{ key: `sees/${now}`, at: now, kind: 'alert', text: words.line }]);
    const told = await createOutboxStore(deps.db).last(tx, key);
    if (told) {
      const event: StoredEvent = { ...(told.body as StoredEvent), action: 'resolve' };
      await enqueue(tx, event, id, now);
    }
    const held = (await pagerDutyOf(tx, id)).some(({ status }) => status !== 'resolved');
    if (held || incident.status === 'resolved') return;
    await updateIncident(tx, { ...incident, status: 'resolved', resolvedAt: now });
    await recordTimeline(tx, id, [{ key: `resolved/${now}`, at: now, kind: 'resolve', text: words.resolved }]);
  }

  async function enqueue(tx: Tx, event: StoredEvent, incident: string, now: number): Promise<void> {
    const delivery = { kind: 'pagerduty-event' as const, dedupKey: event.dedupKey, body: event, incident_id: incident };
    await createOutboxStore(deps.db).enqueue(tx, delivery, now);
  }
}

function unwatched(blind: readonly Slo[]): string {
  return `${blind.length === 1 ? 'one SLO is' : `${blind.length} SLOs are`} unwatched`;
}

function titlesOf(slos: readonly Slo[]): string {
  const titles = slos.slice(0, mostNamed).map(({ title }) => title);
  return [...titles, ...(slos.length > mostNamed ? [`and ${slos.length - mostNamed} more`] : [])].join(', ');
}
