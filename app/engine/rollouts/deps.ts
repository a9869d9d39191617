import type { MonitoringRead } from '../../clients/cloud-monitoring/port.ts';
import type { Catalog } from '../../domain/catalog.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db.server.ts';
import type { Log } from '../../platform/log.ts';
import type { Notify } from '../../platform/notify.server.ts';
import type { PeopleStore } from '../../stores/people.server.ts';
import type { RolloutStore, RolloutWriter } from '../../stores/rollout/rollouts.server.ts';
import type { IncidentStore, ObservationStore, RunStore, SloStore } from '../../stores/stores.ts';

/** The places around a move at which a test may stop or end the process. */
export type RolloutPoint = `${'before' | 'after'}-${'open' | 'confirm' | 'cancel' | 'change'}`;

/** What moving rollouts on works with; made in the root. */
export interface RolloutDeps {
  db: Db;
  clock: Pick<Clock, 'now'>;
  log: Log;
  notify: Notify;
  catalog(): Promise<Catalog | null>;
  rollouts: RolloutStore & RolloutWriter;
  runs: RunStore;
  slos: Pick<SloStore, 'state' | 'minutes'>;
  incidents: Pick<IncidentStore, 'open'>;
  observations: Pick<ObservationStore, 'get'>;
  people: Pick<PeopleStore, 'get'>;
  monitoring: Pick<MonitoringRead, 'counts'>;
  mode: 'observe' | 'shadow' | 'act';
  /** The environment that this console stands in. */
  environment: string;
  /** Address of a page of ours, as people outside reach it. */
  link(path: string): string;
  /** Awaited around each move; production gives none. */
  hooks?: { at(point: RolloutPoint, rollout: string): Promise<void> };
}
