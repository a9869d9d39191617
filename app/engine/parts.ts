import type { Outside } from '../clients/outside.server.ts';
import type { Deployment } from '../load-context.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Notices } from '../platform/notify.server.ts';
import type { CatalogFiles } from '../stores/catalog.server.ts';
import type { CursorStore } from '../stores/cursors.server.ts';
import type { RolloutStore, RolloutWriter } from '../stores/rollout/rollouts.server.ts';
import type { SloWriter } from '../stores/slo/slo-writer.server.ts';
import type { CatalogStore, SloStore, Stores } from '../stores/stores.ts';
import type { WebhookStore } from '../stores/webhooks.server.ts';
import type { RunEngine } from './runs/port.ts';

/** Everything the engine works with; made in the root. */
export interface EngineParts {
  db: Db;
  databaseUrl: string;
  catalogDir: string;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  notices: Notices;
  deployment: Deployment;
  outside: Outside;
  stores: Stores & {
    catalog: CatalogStore & CatalogFiles;
    slos: SloStore & SloWriter;
    webhooks: WebhookStore;
    rollouts: RolloutStore & RolloutWriter;
  };
  cursors: CursorStore;
  routingKey: string;
  ticketRoutingKey: string;
  /** Name of the declared endpoint that tickets go to; null: to PagerDuty. */
  tickets: string | null;
  /** Email of the PagerDuty user that our notes are written by. */
  pagerDutyFrom: string;
  deadmanUrl: string | null;
  runs: RunEngine;
}
