import type { Catalog } from '../../domain/catalog.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db.server.ts';
import type { Log } from '../../platform/log.ts';
import type { Notify } from '../../platform/notify.server.ts';

/** What keeping incidents in step needs; made in the composition root. */
export interface IncidentDeps {
  db: Db;
  clock: Pick<Clock, 'now'>;
  notify: Notify;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
  mode: 'observe' | 'shadow' | 'act';
  /** Name of the declared endpoint that tickets go to; null: to PagerDuty. */
  tickets: string | null;
  catalog(): Promise<Catalog | null>;
  /** Full address of an incident's page: what a PagerDuty event links to. */
  incidentUrl(id: string): string;
}
