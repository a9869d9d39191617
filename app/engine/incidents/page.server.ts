import type { PagerDutyEvent } from '../../clients/pagerduty/port.ts';
import type { Alert } from '../../domain/alert/alert.ts';
import { moreUrgent } from '../../domain/alert/transition.ts';
import { dedupKey } from '../../domain/incident/dedup-key.ts';
import type { Incident, IncidentLevel } from '../../domain/incident/incident.ts';
import { flapText, flapWithin, type PageState, pageAction } from '../../domain/incident/paging.ts';
import { holds } from '../../domain/incident/status.ts';
import { silencedText, silenceOf } from '../../domain/silence/silence.ts';
import { type Tier, tiers } from '../../domain/slo/slo.ts';
import type { Tx } from '../../platform/db.server.ts';
import { alertsOf } from '../../stores/alerts.server.ts';
import { createOutboxStore, type Delivery, isRefused } from '../../stores/outbox.server.ts';
import { pagerDutyOf } from '../../stores/pagerduty-incidents.server.ts';
import { standingSilences } from '../../stores/silences.server.ts';
import { recordTimeline, timesOf } from '../../stores/timeline.server.ts';
import type { IncidentDeps } from './deps.ts';
import type { PagedSlos } from './paged-slos.ts';
import { reopenedKey } from './place-alert.server.ts';
import type { AlertVerdict } from './verdict.ts';

/** A PagerDuty event as the outbox keeps it: the routing key is a secret and is added when it leaves. */
export type StoredEvent = Omit<PagerDutyEvent, 'routingKey'>;

type PageDeps = Pick<IncidentDeps, 'db' | 'clock' | 'mode' | 'tickets' | 'incidentUrl'>;

const words = { page: 'Would have paged', ticket: 'Would have opened a ticket' } as const;

/**
 * Tells what an incident needs told: a page one trigger when it starts to burn at a page tier and one resolve when that
 * ends, a ticket the same at its tiers, with low urgency. Only where the SLO pages through Firebreak, nobody silenced it and
 * the mode is `act`; elsewhere the timeline keeps what would have been told. `verdicts` are what is known now, for the
 * words. The caller holds the incidents' lock.
 */
export async function pageIncident(
  deps: PageDeps,
  tx: Tx,
  incident: Incident,
  verdicts: readonly AlertVerdict[],
  slos: PagedSlos,
): Promise<void> {
  const alerts = await alertsOf(tx, incident.id);
  await tell(
    deps,
    tx,
    { incident, level: 'page', alerts: alerts.filter((alert) => holds(alert, 'page')) },
    verdicts,
    slos,
  );
  // What rose to a page is a ticket no longer.
  const open = incident.level === 'ticket' ? alerts.filter((alert) => holds(alert, 'ticket')) : [];
  await tell(deps, tx, { incident, level: 'ticket', alerts: open }, verdicts, slos);
}

async function tell(
  deps: PageDeps,
  tx: Tx,
  { incident, level, alerts }: { incident: Incident; level: IncidentLevel; alerts: readonly Alert[] },
  verdicts: readonly AlertVerdict[],
  slos: PagedSlos,
): Promise<void> {
  const at = deps.clock.now();
  const through = alerts.filter((alert) => slos.mode(alert.slo) === 'firebreak');
  const silences = await standingSilences(tx, at);
  const kept = (alert: Alert) => (silences.length > 0 ? silenceOf(slos.silenceable(alert), silences, at) : null);
  const loud = through.filter((alert) => !kept(alert));
  const key = dedupKey(incident.id, level);
  const outbox = createOutboxStore(deps.db);
  const last = await outbox.last(tx, key);
  const graver = last ? graverThan(last.body as StoredEvent, loud.length > 0 ? loud : through) : [];
  const state: PageState = {
    // An SLO that left the catalog is retired soon: until then what was told about it stands.
    burning: alerts.some(({ slo }) => [null, 'firebreak'].includes(slos.mode(slo))),
    silenced: loud.length === 0,
    last: last && told(last),
    // Whoever closes a ticket has seen it: it does not come again while it goes on.
    resolvedAt: level === 'page' ? await resolvedAt(tx, incident.id, key) : null,
    returns: await timesOf(tx, incident.id, reopenedKey(level), at - flapWithin),
    quietSince: incident.resolvedAt,
    graver: graver.length > 0,
    // Nobody is woken by a ticket: what joins one that stands is seen there.
    graverSince: level === 'page' && last ? await begunAt(tx, incident, graver, last, verdicts) : null,
    at,
  };
  const wouldTell = !['resolve', null].includes(pageAction({ ...state, silenced: false }));
  const whyNot = (alert: Alert): { key: string; why: string } | null => {
    const mode = slos.mode(alert.slo);
    if (mode === 'cloud-monitoring') return null;
    if (deps.mode !== 'act') return { key: `would-${level}/${alert.id}`, why: `FIREBREAK_MODE is ${deps.mode}` };
    if (mode === 'shadow' && through.length === 0)
      return { key: `would-${level}/${alert.id}`, why: 'its paging is shadow' };
    const silence = mode === 'firebreak' && state.silenced && wouldTell ? kept(alert) : null;
    return silence && { key: silencedKey(level, alert, silence.id), why: silencedText(silence) };
  };
  await recordTimeline(
    tx,
    incident.id,
    alerts.flatMap((alert) => {
      const said = verdicts.find((other) => other.slo.id === alert.slo);
      const not = whyNot(alert);
      if (!said || !not) return [];
      return [{ key: not.key, at, kind: 'page' as const, text: `${words[level]}: ${said.summary} (${not.why})` }];
    }),
  );
  if (deps.mode !== 'act') return;

  const action = pageAction(state);
  // A page that is sent anew says what is new.
  const news = action === 'again' ? speaking(incident, verdicts, graver) : null;
  const verdict = news ?? speaking(incident, verdicts, loud);
  // Without words a page would say nothing: whoever looks next, with an evaluation at hand, sends it.
  if (action === null || (action !== 'resolve' && !verdict)) return;
  const flaps = level === 'page' && action !== 'resolve' ? flapText(state.returns) : null;
  const event: Omit<StoredEvent, 'action'> = {
    dedupKey: key,
    summary: [verdict?.summary ?? incident.title, flaps].filter(Boolean).join(' · ').slice(0, 1_024),
    severity: level === 'page' ? 'critical' : 'warning',
    source: incident.service ?? 'firebreak',
    links: [{ href: deps.incidentUrl(incident.id), text: 'Open in Firebreak' }],
    details: {
      ...{ incident: incident.id, service: incident.service, slo: incident.slo, ...verdict?.details },
      ...(loud.length > 0 && { tier: worst(loud), slos: loud.map(({ slo }) => slo) }),
    },
  };
  const ticketKind = deps.tickets === null ? ('pagerduty-ticket' as const) : ('webhook' as const);
  const newKind = level === 'page' ? ('pagerduty-event' as const) : ticketKind;
  const send = async (one: 'trigger' | 'resolve') => {
    const body: StoredEvent = { action: one, ...event };
    // Where it was opened it is closed, though tickets may have moved elsewhere since.
    const kind = one === 'resolve' && last ? last.kind : newKind;
    await outbox.enqueue(tx, { kind, dedupKey: key, body, incident_id: incident.id }, at);
  };
  if (action !== 'trigger') await send('resolve');
  if (action !== 'resolve') await send('trigger');
  if (action !== 'trigger') return;
  if (await wasSilenced(tx, incident, level, loud, last?.created_at ?? 0)) {
    const text = `It still burns and its silence is over: ${level === 'page' ? 'it pages' : 'its ticket opens'} now.`;
    await recordTimeline(tx, incident.id, [{ key: `silence-over/${level}/${at}`, at, kind: 'page', text }]);
  }
}

/** When the newest PagerDuty incident of a dedup key was resolved; null while one is open, or none is known. */
async function resolvedAt(tx: Tx, incident: string, key: string): Promise<number | null> {
  const ours = (await pagerDutyOf(tx, incident)).filter((pagerDuty) => pagerDuty.alertKeys.includes(key));
  return ours.every((one) => one.status === 'resolved') ? (ours.at(-1)?.resolvedAt ?? null) : null;
}

/** Key of the line that says that a silence kept an alert's page or ticket from leaving. */
export function silencedKey(level: IncidentLevel, alert: Pick<Alert, 'id'>, silence = ''): string {
  return `silenced/${level}/${alert.id}/${silence}`;
}

/** Whether a silence has kept one of these quiet since `since`. */
async function wasSilenced(
  tx: Tx,
  incident: Incident,
  level: IncidentLevel,
  alerts: readonly Alert[],
  since: number,
): Promise<boolean> {
  for (const alert of alerts) {
    if ((await timesOf(tx, incident.id, silencedKey(level, alert), since)).length > 0) return true;
  }
  return false;
}

/** The verdict whose words the page says: the incident's own SLO's where it may page, else another's that burns. */
function speaking(incident: Incident, verdicts: readonly AlertVerdict[], loud: readonly Alert[]): AlertVerdict | null {
  const may = verdicts.filter(({ slo, tier }) => tier !== null && loud.some((alert) => alert.slo === slo.id));
  return may.find(({ slo }) => slo.id === incident.slo) ?? may[0] ?? null;
}

/** Those of what burns that are at a more urgent tier than a page said, or that it did not name. */
function graverThan({ details }: StoredEvent, loud: readonly Alert[]): Alert[] {
  const { tier, slos } = details as { tier?: Tier; slos?: string[] };
  if (!tier || !slos) return [];
  return loud.filter((alert) => tiers.indexOf(alert.tier) < tiers.indexOf(tier) || !slos.includes(alert.slo));
}

/** The latest onset of these alerts; null where none is known. */
async function begunAt(
  tx: Tx,
  incident: Incident,
  alerts: readonly Alert[],
  last: Delivery,
  verdicts: readonly AlertVerdict[],
): Promise<number | null> {
  const { slos = [] } = (last.body as StoredEvent).details as { slos?: string[] };
  const onsets: number[] = [];
  for (const alert of alerts) {
    const now = verdicts.find(({ slo }) => slo.id === alert.slo)?.startedAt ?? null;
    // What was seen as it opened holds, though the likeliest minute moves; of a burn that a page named only what is new counts.
    const first = slos.includes(alert.slo) ? [] : await timesOf(tx, incident.id, onsetKey(alert), 0);
    const known = [...first, now].filter((one) => one !== null);
    if (known.length > 0) onsets.push(Math.min(...known));
  }
  return onsets.length > 0 ? Math.max(...onsets) : null;
}

/** Key of the line that says when what an alert is about began. */
export function onsetKey({ id }: Pick<Alert, 'id'>): string {
  return `alert/${id}/onset`;
}

function worst(alerts: readonly Alert[]): Tier {
  return alerts.map(({ tier }) => tier).reduce(moreUrgent);
}

/** What PagerDuty heard with a delivery; one that was held back before its first try left nothing there. */
function told(last: Delivery): PageState['last'] {
  const { action } = last.body as StoredEvent;
  const heldBack = last.held_back_at !== null;
  if (heldBack && last.attempts <= 1) return null;
  return { action, at: last.created_at, refused: isRefused(last), heldBack };
}
