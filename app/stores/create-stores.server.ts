import type { PgBoss } from 'pg-boss';
import type { Clock } from '../platform/clock.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { Notices } from '../platform/notify.server.ts';
import { createApiKeyStore } from './api-keys.server.ts';
import { createApiRequestStore } from './api-requests.server.ts';
import { appendAudit, createAuditStore, type NewAuditEntry } from './audit.server.ts';
import { createCatalogStore } from './catalog.server.ts';
import { changeFollowUp } from './change-follow-up.server.ts';
import { createChangeReports } from './change-reports.server.ts';
import { createChangeStore } from './changes.server.ts';
import { createDeliveryStore } from './deliveries.server.ts';
import { createChangeRequestStore } from './flag/change-requests.server.ts';
import { createFlagScheduleStore } from './flag/flag-schedules.server.ts';
import { createServedFlagStore } from './flag/served-flags.server.ts';
import { createFollowUpStore } from './follow-ups.server.ts';
import { createFreezeStore } from './freezes.server.ts';
import { createHappenedStore } from './happened.server.ts';
import { createIncidentStore } from './incident/incidents.server.ts';
import { createPresenceStore } from './incident/presence.server.ts';
import { createObservationStore } from './observations.server.ts';
import { createPanicStore } from './panic/panics.server.ts';
import { createPeopleStore } from './people.server.ts';
import { createRehearsalStore } from './rehearsals.server.ts';
import { createRolloutStore } from './rollout/rollouts.server.ts';
import { createSendRun } from './run/run-queue.server.ts';
import { createRunRecordStore } from './run/run-records.server.ts';
import { createRunStore } from './run/runs.server.ts';
import { createRunbookTextStore } from './runbook-texts.server.ts';
import { createSilenceStore } from './silences.server.ts';
import { createBudgetCorrectionStore } from './slo/budget-corrections.server.ts';
import { createShadowStore } from './slo/shadow.server.ts';
import { createSloCountStore } from './slo/slo-counts.server.ts';
import { createSloStatementStore } from './slo/slo-statement.server.ts';
import { createSloStore } from './slo/slos.server.ts';
import { createWebhookStore } from './webhooks.server.ts';

/** All stores over one database. */
export function createStores(parts: {
  db: Db;
  notices: Notices;
  clock: Clock;
  boss: PgBoss;
  mode: 'observe' | 'shadow' | 'act';
  /** The environment that this console stands in. */
  environment: string;
  /** Takes secrets out of what is stored: audit lines and what outside systems said. */
  redact: (text: string) => string;
}) {
  const { db, notices, clock, boss, mode, redact, environment } = parts;
  const audit = (tx: Tx, entry: NewAuditEntry) => appendAudit(tx, entry, redact);
  const { notify } = notices;
  const catalog = createCatalogStore(db, notices);
  const people = createPeopleStore(db, clock.wall);
  const runDeps = {
    ...{ db, clock, notify, audit, mode, environment },
    send: createSendRun(boss),
    catalog: () => catalog.current(),
  };
  const runs = createRunStore(runDeps);
  const observations = createObservationStore(db, redact);
  const stores = {
    catalog,
    runbookTexts: createRunbookTextStore(db),
    slos: createSloStore(db, catalog),
    sloCounts: createSloCountStore(db),
    sloStatement: createSloStatementStore(db),
    budgetCorrections: createBudgetCorrectionStore(db, notify, audit),
    freezes: createFreezeStore(db, notify, audit),
    silences: createSilenceStore(db, notify, audit),
    deliveries: createDeliveryStore(db),
    shadow: createShadowStore(db),
    incidents: createIncidentStore(db, clock, notify),
    changes: { ...createChangeStore(db, clock.now, notify), ...createChangeReports({ db, clock, notify, audit }) },
    observations,
    servedFlags: createServedFlagStore(observations),
    followUps: {
      change: changeFollowUp({ db, notify, audit }),
      ...createFollowUpStore(db, notify, async (tx, followUp, actor, at) => {
        await audit(tx, {
          at,
          actor: actor.email,
          action: 'follow-up.clear',
          target: followUp.target,
          runId: followUp.runId,
          stepId: null,
          reason: null,
          before: null,
          after: null,
          address: null,
        });
      }),
    },
    audit: createAuditStore(db, redact),
    runs,
    rehearsals: createRehearsalStore(db, notify, audit),
    rollouts: createRolloutStore(runDeps),
    panics: createPanicStore({ ...runDeps, runs }),
    flagSchedules: createFlagScheduleStore(db, notify, audit),
    changeRequests: createChangeRequestStore(db, notify, audit),
    runRecords: createRunRecordStore({
      ...{ db, people, clock, notify, audit, redact, mode },
      catalog: catalog.current,
    }),
    people,
    presence: createPresenceStore(db, clock.wall),
    apiKeys: createApiKeyStore(db, clock),
    apiRequests: createApiRequestStore(db, clock.wall),
    webhooks: createWebhookStore(db, clock, notify),
  };
  return { ...stores, happened: createHappenedStore(stores, redact) };
}

export type AllStores = ReturnType<typeof createStores>;
