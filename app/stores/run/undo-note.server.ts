import { undoneText } from '../../domain/run/done-words.ts';
import type { Tx } from '../../platform/db.server.ts';
import { pagerDutyOf } from '../incident/pagerduty-incidents.server.ts';
import { createOutboxStore } from '../outbox.server.ts';
import type { RunRow, StepRow } from './run-rows.ts';

/** Leaves a note of an undo on the page's PagerDuty incidents, those still open before those that are over: who reads the page must not believe in a stop that is gone. `at` data ms. */
export async function noteUndo(
  tx: Tx,
  run: Pick<RunRow, 'incident_id'>,
  { plan, confirmed_by, confirmed_at }: Pick<StepRow, 'plan' | 'confirmed_by' | 'confirmed_at'>,
  { key, at }: { key: string; at: number },
): Promise<void> {
  if (run.incident_id === null || confirmed_by === null) return;
  const all = await pagerDutyOf(tx, run.incident_id);
  const open = all.filter((one) => one.status !== 'resolved');
  const text = undoneText({ title: '', plan, confirmedBy: confirmed_by.name, confirmedAt: confirmed_at });
  const outbox = createOutboxStore(tx);
  for (const { id } of open.length > 0 ? open : all) {
    const body = { pagerDutyId: id, text, from: confirmed_by.email };
    const dedupKey = `undone/${key}/${id}`;
    await outbox.enqueue(tx, { kind: 'pagerduty-note', dedupKey, body, incident_id: run.incident_id }, at);
  }
}
