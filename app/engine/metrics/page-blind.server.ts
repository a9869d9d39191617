import type { Catalog } from '../../domain/catalog.ts';
import { dedupKey } from '../../domain/incident/dedup-key.ts';
import type { Incident } from '../../domain/incident/incident.ts';
import { repageAfter, resendRefusedAfter } from '../../domain/incident/paging.ts';
import { silencedText, silenceOf } from '../../domain/silence/silence.ts';
import { sourceNamed } from '../../domain/slo/data-source.ts';
import type { Tx } from '../../platform/db.server.ts';
import { readIncident, updateIncident } from '../../stores/incident/incident-writes.server.ts';
import { pagerDutyOf } from '../../stores/incident/pagerduty-incidents.server.ts';
import { readTimeline, recordTimeline } from '../../stores/incident/timeline.server.ts';
import { createOutboxStore, isRefused } from '../../stores/outbox.server.ts';
import { standingSilences } from '../../stores/silences.server.ts';
import type { IncidentDeps } from '../incidents/deps.ts';
import { type StoredEvent, silencedKey } from '../incidents/page.server.ts';
import { type Blindness, mostNamed, unwatched } from './blindness.ts';

type BlindDeps = Pick<IncidentDeps, 'db' | 'mode' | 'incidentUrl'>;

/**
 * Pages that a source is blind, once, and `anew` when it blinds more; a page that PagerDuty refused is sent anew while it is
 * blind, and one that a silence of the source kept from leaving leaves when that is over. False while a silence keeps it.
 */
export async function pageBlind(
  deps: BlindDeps,
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
  if (stands) await enqueue(deps, tx, { ...event, action: 'resolve' }, incident.id, now);
  await enqueue(deps, tx, event, incident.id, now);
  return true;
}

/** Ends a blind source's incident: PagerDuty's, where it was told, ends ours when it hears that it is over; else ours ends here. */
export async function closeBlind(
  deps: BlindDeps,
  tx: Tx,
  id: string,
  now: number,
  words: { line: string; resolved: string },
): Promise<void> {
  const incident = await readIncident(tx, id);
  if (!incident) return;
  const key = dedupKey(id, 'page');
  await recordTimeline(tx, id, [{ key: `sees/${now}`, at: now, kind: 'alert', text: words.line }]);
  const told = await createOutboxStore(deps.db).last(tx, key);
  if (told) {
    const event: StoredEvent = { ...(told.body as StoredEvent), action: 'resolve' };
    await enqueue(deps, tx, event, id, now);
  }
  const held = (await pagerDutyOf(tx, id)).some(({ status }) => status !== 'resolved');
  if (held || incident.status === 'resolved') return;
  await updateIncident(tx, { ...incident, status: 'resolved', resolvedAt: now });
  await recordTimeline(tx, id, [{ key: `resolved/${now}`, at: now, kind: 'resolve', text: words.resolved }]);
}

async function enqueue(deps: BlindDeps, tx: Tx, event: StoredEvent, incident: string, now: number): Promise<void> {
  const delivery = { kind: 'pagerduty-event' as const, dedupKey: event.dedupKey, body: event, incident_id: incident };
  await createOutboxStore(deps.db).enqueue(tx, delivery, now);
}
