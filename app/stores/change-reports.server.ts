import type { Clock } from '../platform/clock.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import type { NewAuditEntry } from './audit.server.ts';
import { createChangeStore } from './changes.server.ts';
import type { ChangeReports } from './stores.ts';

/** Changes that programs report: a recorded migration decides what is offered at 3 a.m., so who said it is kept with it. */
export function createChangeReports(parts: {
  db: Db;
  clock: Pick<Clock, 'now'>;
  notify: Notify;
  audit: (tx: Tx, entry: NewAuditEntry) => Promise<unknown>;
}): ChangeReports {
  const { db, clock, notify, audit } = parts;
  return {
    report: (change, by) =>
      db.transaction().execute(async (tx) => {
        const fresh = await createChangeStore(tx, clock.now, notify).record(change);
        if (!fresh) return false;
        await audit(tx, {
          at: clock.now(),
          actor: `key ${by.key}`,
          action: 'change.record',
          target: `${change.kind}/${change.target}`,
          runId: null,
          stepId: null,
          reason: null,
          before: null,
          after: { id: change.externalId, title: change.title, service: change.service, at: change.at },
          address: by.address,
        });
        return true;
      }),
  };
}
