import type { CatalogTables } from './schema/catalog.ts';
import type { DirectKillTables } from './schema/direct-kill.ts';
import type { FlagTables } from './schema/flag.ts';
import type { GateTables } from './schema/gate.ts';
import type { IncidentTables } from './schema/incident.ts';
import type { PeopleTables } from './schema/people.ts';
import type { RecordTables } from './schema/record.ts';
import type { RehearsalTables } from './schema/rehearsal.ts';
import type { RolloutTables } from './schema/rollout.ts';
import type { RunTables } from './schema/run.ts';
import type { SloTables } from './schema/slo.ts';

/** All tables of Firebreak. Times are bigint ms of the injected clock unless a comment says wall clock. */
export interface Database
  extends CatalogTables,
    GateTables,
    DirectKillTables,
    FlagTables,
    IncidentTables,
    PeopleTables,
    RecordTables,
    RehearsalTables,
    RolloutTables,
    RunTables,
    SloTables {}
