import { writeAs } from '../../actions/pagerduty-requester.ts';
import type { EndpointsWrite } from '../../clients/endpoint/port.ts';
import type { PagerDutyRead, PagerDutyWrite } from '../../clients/pagerduty/port.ts';
import { pageTroubleText } from '../../domain/incident/incident.ts';
import type { Log } from '../../platform/log.ts';
import type { StoredAcknowledgement } from '../../stores/incident/acknowledge-pages.server.ts';
import { lockIncidents } from '../../stores/incident/incident-writes.server.ts';
import { recordTimeline } from '../../stores/incident/timeline.server.ts';
import { createOutboxStore, type Delivery, type OutboxStore } from '../../stores/outbox.server.ts';
import type { StoredEvent } from '../incidents/page.server.ts';
import type { Task } from '../loop.server.ts';
import { type HoldBackDeps, holdBack, tells } from './hold-back.server.ts';
import { isFinal } from './is-final.ts';
import { type StoredChat, sendChat } from './send-chat.server.ts';
import { sendTicket } from './send-ticket.server.ts';

/** What leaves in one round of each kind: a door that stalls holds up few, and only its own kind. */
const atATime = {
  'pagerduty-event': 50,
  'pagerduty-acknowledge': 10,
  'pagerduty-ticket': 10,
  webhook: 2,
  chat: 2,
  'pagerduty-note': 5,
} as const;

/** A note for a PagerDuty incident as the outbox keeps it. */
export interface StoredNote {
  pagerDutyId: string;
  text: string;
  from: string;
}

export interface DeliverDeps extends HoldBackDeps {
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  mode: 'observe' | 'shadow' | 'act';
  pagerDuty: Pick<PagerDutyWrite, 'sendEvent' | 'addNote' | 'notes' | 'acknowledge'> & Pick<PagerDutyRead, 'incident'>;
  /** PagerDuty user for people without an account there. */
  from: string;
  /** Integration keys that our pages and our tickets are sent with. */
  routingKey: string;
  ticketRoutingKey: string;
  /** Declared endpoints, and the name of the one that tickets go to; null where they go to PagerDuty. */
  endpoints: Pick<EndpointsWrite, 'send'>;
  tickets: string | null;
}

type Kind = keyof typeof atATime;

/** A round of each kind every two seconds, each by itself: no page waits behind what goes over another door. */
export function deliverTasks(deps: DeliverDeps): Task[] {
  return deliveryKinds.map((kind) => ({
    name: deliverTask(kind),
    everyMs: 2_000,
    run: async () => void (await deliverKind(deps, kind)),
  }));
}

/** All kinds of deliveries. */
export const deliveryKinds = Object.keys(atATime) as Kind[];

/** Name of the task that delivers a kind. */
export function deliverTask(kind: Kind): string {
  return `deliver-${kind}`;
}

/**
 * Sends what is due of one kind. At least once: a process that dies between sending and writing it down leaves the row to be
 * sent again, where Events v2 joins events of one dedup key and a note is looked for first. Events of one key leave in order.
 * Nothing leaves unless the mode is `act`. Returns how many were delivered.
 */
export async function deliverKind(deps: DeliverDeps, kind: Kind): Promise<number> {
  if (deps.mode !== 'act') return 0;
  const outbox = createOutboxStore(deps.db);
  return deliverRound(deps, outbox, await outbox.due([kind], atATime[kind], deps.clock.now()));
}

/**
 * Sends what one round claimed, oldest first. Where the other side lets the oldest wait until the deadline, the newest is
 * tried, and where that waits too the rest is put back: a door that stalls is asked twice a round, not once for each page.
 */
async function deliverRound(deps: DeliverDeps, outbox: OutboxStore, claimed: readonly Delivery[]): Promise<number> {
  const left = [...claimed].sort((a, b) => a.created_at - b.created_at);
  const count = { taken: 0, failed: 0, stalled: 0 };
  let tryNewest = false;
  for (let next = left.shift(); next; next = tryNewest ? left.pop() : left.shift()) {
    const outcome = await deliver(deps, outbox, next);
    count[outcome] += 1;
    tryNewest = outcome === 'stalled';
    if (count.stalled === 2)
      for (const rest of left.splice(0)) await outbox.putBack(rest, 'It was not tried: those before it had no answer');
  }
  return count.taken;
}

/** Sends one delivery and records what came of it. */
async function deliver(
  deps: DeliverDeps,
  outbox: OutboxStore,
  delivery: Delivery,
): Promise<'taken' | 'failed' | 'stalled'> {
  if (await holdBack(deps, delivery)) return 'failed';
  try {
    await send(deps, delivery);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (isFinal(error, delivery.kind)) {
      deps.log.error({ err: error, delivery: delivery.id, key: delivery.dedup_key }, 'a delivery was refused');
      await refuse(deps, delivery, text);
    } else {
      deps.log.warn({ err: error, delivery: delivery.id, attempts: delivery.attempts }, 'a delivery failed');
      await outbox.failed(delivery, text, deps.clock.now());
      if (delivery.incident_id !== null) await deps.notify('incidents');
    }
    return (error as { reason?: unknown }).reason === 'timeout' ? 'stalled' : 'failed';
  }
  await deps.db.transaction().execute(async (tx) => {
    if (delivery.incident_id !== null) await lockIncidents(tx);
    const at = deps.clock.now();
    await outbox.markDelivered(tx, delivery.id, at);
    await outbox.hurry(tx, delivery.kind, at);
    const said = line(delivery);
    if (said === null || delivery.incident_id === null) return;
    await recordTimeline(tx, delivery.incident_id, [{ ...said, at, key: `delivered/${delivery.id}` }]);
    if (delivery.kind === 'pagerduty-event' && (delivery.body as StoredEvent).action === 'trigger') {
      await tx
        .updateTable('incident')
        .set({ paged_at: at })
        .where('id', '=', delivery.incident_id)
        .where('paged_at', 'is', null)
        .execute();
    }
    await deps.notify('incidents', tx);
  });
  return 'taken';
}

/** Refused for good: what follows is not held up by it, and whoever looks at the incident learns that it reached nobody. */
async function refuse(deps: DeliverDeps, delivery: Delivery, error: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const { incident_id: incident } = delivery;
    if (incident !== null) await lockIncidents(tx);
    await createOutboxStore(deps.db).refused(tx, delivery.id, error);
    if (incident === null || !tells(delivery)) return;
    if ((delivery.body as StoredEvent).action !== 'trigger') return;
    const text =
      delivery.kind === 'pagerduty-event'
        ? pageTroubleText({ kind: 'refused', error, since: delivery.created_at })
        : `The ticket was refused: ${error}`;
    const at = deps.clock.now();
    // It is sent anew while it burns: the same answer is one line.
    await recordTimeline(tx, incident, [{ key: `refused/${delivery.dedup_key}/${error}`, at, kind: 'page', text }]);
    await deps.notify('incidents', tx);
  });
}

async function send(deps: DeliverDeps, delivery: Delivery): Promise<void> {
  if (delivery.kind === 'pagerduty-event' || delivery.kind === 'pagerduty-ticket') {
    const routingKey = delivery.kind === 'pagerduty-event' ? deps.routingKey : deps.ticketRoutingKey;
    await deps.pagerDuty.sendEvent({ ...(delivery.body as StoredEvent), routingKey });
    return;
  }
  if (delivery.kind === 'webhook') return sendTicket(deps, delivery);
  if (delivery.kind === 'chat') return sendChat(deps, delivery);
  if (delivery.kind === 'pagerduty-acknowledge') {
    const { pagerDutyId, by } = delivery.body as StoredAcknowledgement;
    // Acknowledging twice would start the acknowledgement's timeout anew.
    if ((await deps.pagerDuty.incident(pagerDutyId)).status !== 'triggered') return;
    await writeAs({ email: by }, deps.from, (from) => deps.pagerDuty.acknowledge(pagerDutyId, from));
    return;
  }
  const note = delivery.body as StoredNote;
  const notes = delivery.attempts > 1 ? await deps.pagerDuty.notes(note.pagerDutyId) : [];
  if (notes.some((other) => other.text === note.text)) return;
  await writeAs({ email: note.from }, deps.from, (from) => deps.pagerDuty.addNote(note.pagerDutyId, note.text, from));
}

/** What an incident's timeline says of a delivery that was taken; null where it says nothing. */
function line(delivery: Delivery) {
  if (delivery.kind === 'chat') {
    const { endpoint, about } = delivery.body as StoredChat;
    return about === undefined ? null : { kind: 'told' as const, text: `Told in the chat ${endpoint}: ${about}` };
  }
  return tells(delivery) ? eventLine(delivery.body as StoredEvent, delivery.kind) : null;
}

function eventLine(event: StoredEvent, kind: Delivery['kind']) {
  const what = event.summary.split(' · ')[0];
  if (event.action === 'trigger' && kind === 'pagerduty-event')
    return { kind: 'page' as const, text: `Paged through PagerDuty: ${what}` };
  const where = kind === 'webhook' ? 'in the tickets’ system' : 'in PagerDuty, with low urgency';
  if (event.action === 'trigger') return { kind: 'page' as const, text: `Ticket opened ${where}: ${what}` };
  const told =
    kind === 'webhook' ? 'The tickets’ system was told that it is over' : 'PagerDuty was told that it is over';
  const text = event.action === 'resolve' ? told : 'Acknowledged in PagerDuty';
  return { kind: 'pagerduty' as const, text };
}
