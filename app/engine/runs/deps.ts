import type { Actions } from '../../actions/action.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Log } from '../../platform/log.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { NewAuditEntry } from '../../stores/audit.server.ts';
import type { SendRun } from '../../stores/run/run-queue.server.ts';
import type { ObservationStore, SloStore } from '../../stores/stores.ts';
import type { EngineHooks } from './port.ts';

/** Writes an audit line, last in its transaction: until the commit nobody else writes one. */
export type AppendAudit = (tx: Tx, entry: NewAuditEntry) => Promise<unknown>;

/** Everything a segment of a run needs; made once in the root. */
export interface EngineDeps {
  db: Db;
  send: SendRun;
  actions: Actions;
  catalog(): Promise<Catalog | null>;
  clock: Clock;
  log: Log;
  notify: Notify;
  audit: AppendAudit;
  /** Takes secrets out of what steps say; absent where there are none. */
  redact?(text: string): string;
  slos: SloStore;
  observations: ObservationStore;
  hooks: EngineHooks | null;
  /** `observe` and `shadow` plan and read, and never fire an effect. */
  mode: 'observe' | 'shadow' | 'act';
  /** The environment that this console stands in: always protected. */
  environment: string;
  /** Name of this process, shown as the holder of a target. */
  processName: string;
}
