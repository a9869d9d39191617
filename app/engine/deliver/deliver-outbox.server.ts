import type { PagerDutyWrite } from '../../clients/pagerduty/port.ts';
import { pageTroubleText } from '../../domain/incident/incident.ts';
import type { Log } from '../../platform/log.ts';
import { lockIncidents } from '../../stores/incident-writes.server.ts';
import { createOutboxStore, type Delivery, type OutboxStore } from '../../stores/outbox.server.ts';
import { recordTimeline } from '../../stores/timeline.server.ts';
import type { StoredEvent } from '../incidents/page.server.ts';
import { type HoldBackDeps, holdBack } from './hold-back.server.ts';

const batch = 50;
/** The next round comes in two seconds, with the pages first. */
const notesAtATime = 5;

/** A note for a PagerDuty incident as the outbox keeps it. */
export interface StoredNote {
  pagerDutyId: string;
  text: string;
  from: string;
}

export interface DeliverDeps extends HoldBackDeps {
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  mode: 'observe' | 'shadow' | 'act';
  pagerDuty: Pick<PagerDutyWrite, 'sendEvent' | 'addNote' | 'notes'>;
  /** Integration key that our events are sent with. */
  routingKey: string;
}

/**
 * Sends what is due. At least once: a process that dies between sending and writing it down leaves the row to be sent
 * again, where Events v2 joins events of one dedup key and a note is looked for first. Events of one key leave in order.
 * Nothing leaves unless the mode is `act`. Returns how many were delivered.
 */
export async function deliverOutbox(deps: DeliverDeps): Promise<number> {
  if (deps.mode !== 'act') return 0;
  const outbox = createOutboxStore(deps.db);
  let delivered = 0;
  // Notes go over another door of PagerDuty's, and a page never waits behind one that stalls there.
  for (const kind of ['pagerduty-event', 'pagerduty-note'] as const) {
    const due = await outbox.due([kind], kind === 'pagerduty-event' ? batch : notesAtATime, deps.clock.now());
    for (const delivery of due.sort((a, b) => a.created_at - b.created_at))
      if (await deliver(deps, outbox, delivery)) delivered += 1;
  }
  return delivered;
}

/** Sends one delivery and records what came of it; true when it was taken. */
async function deliver(deps: DeliverDeps, outbox: OutboxStore, delivery: Delivery): Promise<boolean> {
  if (await holdBack(deps, delivery)) return false;
  try {
    await send(deps, delivery);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if ((error as { answered?: unknown }).answered === 400) {
      deps.log.error({ err: error, delivery: delivery.id, key: delivery.dedup_key }, 'PagerDuty refused a delivery');
      await refuse(deps, delivery, text);
    } else {
      deps.log.warn({ err: error, delivery: delivery.id, attempts: delivery.attempts }, 'a delivery failed');
      await outbox.failed(delivery, text, deps.clock.now());
    }
    return false;
  }
  await deps.db.transaction().execute(async (tx) => {
    if (delivery.incident_id !== null) await lockIncidents(tx);
    const at = deps.clock.now();
    await outbox.markDelivered(tx, delivery.id, at);
    if (delivery.kind !== 'pagerduty-event' || delivery.incident_id === null) return;
    const event = delivery.body as StoredEvent;
    await recordTimeline(tx, delivery.incident_id, [{ ...line(event), at, key: `delivered/${delivery.id}` }]);
    if (event.action === 'trigger') {
      await tx
        .updateTable('incident')
        .set({ paged_at: at })
        .where('id', '=', delivery.incident_id)
        .where('paged_at', 'is', null)
        .execute();
    }
    await deps.notify('incidents', tx);
  });
  return true;
}

/** Refused for good: what follows is not held up by it, and whoever looks at the incident learns that it reached nobody. */
async function refuse(deps: DeliverDeps, delivery: Delivery, error: string): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const { incident_id: incident } = delivery;
    if (incident !== null) await lockIncidents(tx);
    await createOutboxStore(deps.db).refused(tx, delivery.id, error);
    if (incident === null || delivery.kind !== 'pagerduty-event') return;
    if ((delivery.body as StoredEvent).action !== 'trigger') return;
    const text = pageTroubleText({ kind: 'refused', error, since: delivery.created_at });
    const at = deps.clock.now();
    // It is sent anew while it burns: the same answer is one line.
    await recordTimeline(tx, incident, [{ key: `refused/${delivery.dedup_key}/${error}`, at, kind: 'page', text }]);
    await deps.notify('incidents', tx);
  });
}

async function send(deps: DeliverDeps, delivery: Delivery): Promise<void> {
  if (delivery.kind === 'pagerduty-event') {
    await deps.pagerDuty.sendEvent({ ...(delivery.body as StoredEvent), routingKey: deps.routingKey });
    return;
  }
  const note = delivery.body as StoredNote;
  const notes = delivery.attempts > 1 ? await deps.pagerDuty.notes(note.pagerDutyId) : [];
  if (notes.some((other) => other.text === note.text)) return;
  await deps.pagerDuty.addNote(note.pagerDutyId, note.text, note.from);
}

function line(event: StoredEvent) {
  if (event.action === 'trigger')
    return { kind: 'page' as const, text: `Paged through PagerDuty: ${event.summary.split(' · ')[0]}` };
  const text = event.action === 'resolve' ? 'PagerDuty was told that it is over' : 'Acknowledged in PagerDuty';
  return { kind: 'pagerduty' as const, text };
}
