import { waitingPages } from '../../domain/incident/waiting-pages.ts';
import type { Actor } from '../../domain/run/run.ts';
import type { Tx } from '../../platform/db.server.ts';
import { createOutboxStore } from '../outbox.server.ts';
import { pagerDutyOf } from './pagerduty-incidents.server.ts';

/** An acknowledgement as the outbox keeps it: of which PagerDuty incident, in whose name. */
export interface StoredAcknowledgement {
  pagerDutyId: string;
  by: string;
}

/**
 * Has an incident's PagerDuty incidents that still escalate acknowledged in a person's name, as part of what that person
 * decides in `tx`: whoever stops the harm is working on it. Returns their ids. `at` data ms.
 */
export async function acknowledgePages(tx: Tx, incident: string, actor: Actor, at: number): Promise<string[]> {
  const waiting = waitingPages(await pagerDutyOf(tx, incident));
  const outbox = createOutboxStore(tx);
  for (const { id } of waiting) {
    const body: StoredAcknowledgement = { pagerDutyId: id, by: actor.email };
    const dedupKey = `acknowledge/${id}`;
    await outbox.enqueue(tx, { kind: 'pagerduty-acknowledge', dedupKey, body, incident_id: incident }, at);
  }
  return waiting.map(({ id }) => id);
}
