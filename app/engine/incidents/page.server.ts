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
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { createOutboxStore, type Delivery, isRefused, type NewDelivery } from '../../stores/outbox.server.ts';
import type { IncidentDeps } from './deps.ts';
import { type PageFacts, readPageFacts, timesIn } from './page-facts.server.ts';
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
  const at = deps.clock.now();
  const facts = (await readPageFacts(tx, [incident.id], at)).get(incident.id)!;
  for (const { lines, sends } of whatToTell(deps, incident, facts, verdicts, slos, at)) {
    await recordTimeline(tx, incident.id, lines);
    for (const { kind, body } of sends)
      await createOutboxStore(deps.db).enqueue(
        tx,
        { kind, dedupKey: body.dedupKey, body, incident_id: incident.id },
        at,
      );
  }
}

/** What is to be written and sent because of an incident at one level; both are empty while nothing is new. */
export interface ToTell {
  lines: Parameters<typeof recordTimeline>[2][number][];
  sends: { kind: NewDelivery['kind']; body: StoredEvent }[];
}

/** What an incident has to tell by these facts, of pages and of tickets. Reads nothing and writes nothing. */
export function whatToTell(
  deps: PageDeps,
  incident: Incident,
  facts: PageFacts,
  verdicts: readonly AlertVerdict[],
  slos: PagedSlos,
  at: number,
): ToTell[] {
  const { alerts } = facts;
  const paging = alerts.filter((alert) => holds(alert, 'page'));
  // What rose to a page is a ticket no longer.
  const open = incident.level === 'ticket' ? alerts.filter((alert) => holds(alert, 'ticket')) : [];
  return [
    decide(deps, { incident, level: 'page', alerts: paging, facts }, verdicts, slos, at),
    decide(deps, { incident, level: 'ticket', alerts: open, facts }, verdicts, slos, at),
  ];
}

interface About {
  incident: Incident;
  level: IncidentLevel;
  alerts: readonly Alert[];
  facts: PageFacts;
}

function decide(
  deps: PageDeps,
  { incident, level, alerts, facts }: About,
  verdicts: readonly AlertVerdict[],
  slos: PagedSlos,
  at: number,
): ToTell {
  const through = alerts.filter((alert) => slos.mode(alert.slo) === 'firebreak');
  const { silences } = facts;
  const kept = (alert: Alert) => (silences.length > 0 ? silenceOf(slos.silenceable(alert), silences, at) : null);
  const loud = through.filter((alert) => !kept(alert));
  const key = dedupKey(incident.id, level);
  const last = facts.last[level];
  const graver = last ? graverThan(last.body as StoredEvent, loud.length > 0 ? loud : through) : [];
  const state: PageState = {
    // An SLO that left the catalog is retired soon: until then what was told about it stands.
    burning: alerts.some(({ slo }) => [null, 'firebreak'].includes(slos.mode(slo))),
    silenced: loud.length === 0,
    last: last && told(last),
    // Whoever closes a ticket has seen it: it does not come again while it goes on.
    resolvedAt: level === 'page' ? resolvedAt(facts, key) : null,
    returns: timesIn(facts, reopenedKey(level), at - flapWithin),
    quietSince: incident.resolvedAt,
    graver: graver.length > 0,
    // Nobody is woken by a ticket: what joins one that stands is seen there.
    graverSince: level === 'page' && last ? begunAt(facts, graver, last, verdicts) : null,
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
  const lines: ToTell['lines'] = alerts.flatMap((alert) => {
    const said = verdicts.find((other) => other.slo.id === alert.slo);
    const not = whyNot(alert);
    if (!said || !not || facts.lines.some((line) => line.key === not.key)) return [];
    return [{ key: not.key, at, kind: 'page' as const, text: `${words[level]}: ${said.summary} (${not.why})` }];
  });
  if (deps.mode !== 'act') return { lines, sends: [] };

  const action = pageAction(state);
  // A page that is sent anew says what is new.
  const news = action === 'again' ? speaking(incident, verdicts, graver) : null;
  const verdict = news ?? speaking(incident, verdicts, loud);
  // Without words a page would say nothing: whoever looks next, with an evaluation at hand, sends it.
  if (action === null || (action !== 'resolve' && !verdict)) return { lines, sends: [] };
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
  const sends: ToTell['sends'] = [];
  // Where it was opened it is closed, though tickets may have moved elsewhere since.
  if (action !== 'trigger') sends.push({ kind: last?.kind ?? newKind, body: { action: 'resolve', ...event } });
  if (action !== 'resolve') sends.push({ kind: newKind, body: { action: 'trigger', ...event } });
  if (action === 'trigger' && wasSilenced(facts, level, loud, last?.created_at ?? 0)) {
    const text = `It still burns and its silence is over: ${level === 'page' ? 'it pages' : 'its ticket opens'} now.`;
    lines.push({ key: `silence-over/${level}/${at}`, at, kind: 'page', text });
  }
  return { lines, sends };
}

/** When the newest PagerDuty incident of a dedup key was resolved; null while one is open, or none is known. */
function resolvedAt(facts: PageFacts, key: string): number | null {
  const ours = facts.pagerDuty.filter((pagerDuty) => pagerDuty.alertKeys.includes(key));
  return ours.every((one) => one.status === 'resolved') ? (ours.at(-1)?.resolvedAt ?? null) : null;
}

/** Key of the line that says that a silence kept an alert's page or ticket from leaving. */
export function silencedKey(level: IncidentLevel, alert: Pick<Alert, 'id'>, silence = ''): string {
  return `silenced/${level}/${alert.id}/${silence}`;
}

/** Whether a silence has kept one of these quiet since `since`. */
function wasSilenced(facts: PageFacts, level: IncidentLevel, alerts: readonly Alert[], since: number): boolean {
  return alerts.some((alert) => timesIn(facts, silencedKey(level, alert), since).length > 0);
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
function begunAt(
  facts: PageFacts,
  alerts: readonly Alert[],
  last: Delivery,
  verdicts: readonly AlertVerdict[],
): number | null {
  const { slos = [] } = (last.body as StoredEvent).details as { slos?: string[] };
  const onsets: number[] = [];
  for (const alert of alerts) {
    const now = verdicts.find(({ slo }) => slo.id === alert.slo)?.startedAt ?? null;
    // What was seen as it opened holds, though the likeliest minute moves; of a burn that a page named only what is new counts.
    const first = slos.includes(alert.slo) ? [] : timesIn(facts, onsetKey(alert), 0);
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
