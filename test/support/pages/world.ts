import type { Alert } from '#app/domain/alert/alert.ts';
import type { RealIncident, WouldPage } from '#app/domain/alert/shadow.ts';
import type { AuditEntry } from '#app/domain/audit/audit.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Change, SuspectList } from '#app/domain/change/change.ts';
import type { ChangeRequest } from '#app/domain/flag/change-request.ts';
import type { FlagSchedule } from '#app/domain/flag/schedule.ts';
import type { FollowUp } from '#app/domain/follow-up/follow-up.ts';
import type { SentReminder } from '#app/domain/follow-up/reminder-way.ts';
import type { SentEvent } from '#app/domain/incident/delivery.ts';
import type { Incident, PagerDutyIncident, TimelineEntry } from '#app/domain/incident/incident.ts';
import type { Against } from '#app/domain/panic/against.ts';
import type { Panic } from '#app/domain/panic/panic.ts';
import type { RunNote } from '#app/domain/run/note.ts';
import type { Run } from '#app/domain/run/run.ts';
import type { Silence } from '#app/domain/silence/silence.ts';
import type { BudgetCorrection } from '#app/domain/slo/corrections.ts';
import type { HeldRun, StepLine } from '#app/stores/run/run-records.server.ts';
import type { RunStore } from '#app/stores/stores.ts';
import { studioCatalog } from './catalog.ts';
import type { GateWorld } from './gates.ts';
import { type History, playHistory } from './history.ts';
import type { RolloutWorld } from './rollouts.ts';
import { preparedRun } from './runs.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** 2026-11-22 03:26 UTC: the moment all fixtures look from. */
export const now = Date.UTC(2026, 10, 22, 3, 26);
/** How far the data reaches then. */
export const dataTo = now - 4 * minute;

/** What an outside read left: last value, its time, the last failure. */
export interface Seen {
  value: unknown;
  at: number | null;
  error: string | null;
  errorAt: number | null;
}

/** Everything that the fake stores answer from; tests change what they are about. */
export interface World extends GateWorld, RolloutWorld {
  now: number;
  /** Data ms per wall ms; 1 unless said. */
  speed?: number;
  catalog: Catalog | null;
  histories: Record<string, ReturnType<typeof playHistory>>;
  sourceError: { error: string; at: number; readAt: number } | null;
  incidents: Incident[];
  /** By incident; left out, its own SLO's alert stands as long as it does. */
  alerts?: Record<string, Alert[]>;
  pagerDuty: Record<string, PagerDutyIncident[]>;
  timeline: TimelineEntry[];
  /** Last reminders of follow-ups, by id; none where absent. */
  reminders?: Map<string, SentReminder>;
  changes: Change[];
  observations: Record<string, Seen>;
  runs: Run[];
  followUps: FollowUp[];
  audit: AuditEntry[];
  others: string[];
  /** What a shadow report is made of; nothing was ever evaluated unless said. */
  shadow?: { pages: WouldPage[]; incidents: RealIncident[]; since: number };
  /** When indicators changed, by SLO; never unless said. */
  indicatorChanges?: Record<string, number>;
  /** Corrections of budgets; none unless said. */
  corrections?: BudgetCorrection[];
  /** What was told to the outside, newest first; nothing unless said. */
  deliveries?: SentEvent[];
  /** When the incident burned again; never unless said. */
  returns?: number[];
  /** Silences, standing and past; none unless said. */
  panic?: Panic;
  /** What speaks against its way back. */
  panicAgainst?: Against[];
  schedules?: FlagSchedule[];
  requests?: ChangeRequest[];
  silences?: Silence[];
  /** Notes on its runs, runs that the viewer has, and what steps said; none unless said. */
  notes?: RunNote[];
  held?: HeldRun[];
  lines?: StepLine[];
  /** Who holds the target that a blocked step waits for; nobody unless said. */
  holder?: Awaited<ReturnType<RunStore['holder']>>;
}

/** One read that succeeded `ago` ms before now. */
export function seen(value: unknown, ago = 4_000): Seen {
  return { value, at: now - ago, error: null, errorAt: null };
}

/** A history of one SLO of the catalog. */
export function history(slo: string, bad: History['bad'], more: Partial<History> = {}) {
  return playHistory({ slo: studioCatalog().slos.find((each) => each.id === slo)!, now, dataTo, bad, ...more });
}

const flagChange: Change = {
  id: 'c-flag',
  source: 'unleash',
  externalId: '211',
  kind: 'flag',
  at: now - 45 * minute,
  service: 'voiceover',
  environment: 'production',
  target: 'voiceover-v2',
  title: 'voiceover-v2 rolled out 5 → 25 %',
  actor: 'Linus',
  commit: null,
  url: null,
  before: null,
  after: null,
};

const revisionChange: Change = {
  ...flagChange,
  id: 'c-rev',
  source: 'cloud-run',
  externalId: 'voiceover-00042',
  kind: 'traffic',
  at: now - 98 * minute,
  target: 'voiceover-00042',
  title: 'voiceover-00042 took 100 % of traffic',
  actor: null,
  commit: '9c1f4e2aa',
};

/** One that is over: it keeps nothing quiet. */
const pastSilence: Silence = {
  id: 'silence-1',
  scope: 'service',
  target: 'voiceover',
  reason: 'Load test of the voice model',
  by: 'Ada Byron',
  byEmail: 'ada@studio.example',
  from: now - 3 * day,
  until: now - 3 * day + 60 * minute,
  endedAt: null,
  endedBy: null,
};

/** Suspects with strong evidence against the flag. */
export function strongSuspects(): SuspectList {
  const main: SuspectList['suspects'][number] = {
    change: flagChange,
    evidence: 'strong',
    score: 0.97,
    reasons: ['3 min before the first errors', 'same service', 'fails 1,389 of 13,450 with it on, 10 of 40,350 off'],
    cohorts: null,
    expectedBurn: 0.3,
    target: 'flag/production/voiceover-v2',
    reversal: {
      action: 'flag.kill',
      label: 'Turn off voiceover-v2',
      inputs: { flag: 'voiceover-v2', environment: 'production', slo: 'voiceover-availability' },
    },
  };
  const weak: SuspectList['suspects'][number] = {
    change: revisionChange,
    evidence: 'weak',
    score: 0.1,
    reasons: ['56 min before', 'nothing moved then'],
    cohorts: null,
    expectedBurn: null,
    target: 'traffic/voiceover',
    reversal: {
      action: 'cloudrun.traffic',
      label: 'Route back to voiceover-00041',
      inputs: { service: 'voiceover', to: 'voiceover-00041' },
      rollback: 'unknown',
      rollbackReason: 'no schema record',
    },
  };
  return { suspects: [main, weak], main, explained: true, verdict: null };
}

/** The studio at night: a flag burns voiceover's availability, Ada was paged two minutes ago. */
export function burningWorld(): World {
  const burning = { from: now - 42 * minute, to: now, ratio: 0.026 };
  const earlier = { from: now - 6 * day, to: now - 6 * day + 60 * minute, ratio: 0.31 };
  return {
    now,
    catalog: studioCatalog(),
    histories: {
      'voiceover-availability': history('voiceover-availability', [burning, earlier]),
      'voiceover-latency': history('voiceover-latency', []),
      'studio-api-availability': history('studio-api-availability', []),
    },
    sourceError: null,
    incidents: [
      {
        id: 'inc-1',
        title: 'voiceover is burning its error budget',
        status: 'open',
        level: 'page',
        service: 'voiceover',
        slo: 'voiceover-availability',
        tier: 'page-fast',
        startedAt: now - 42 * minute,
        openedAt: now - 6 * minute,
        pagedAt: now - 2 * minute,
        resolvedAt: null,
        runbook: 'voiceover-burn',
        children: [],
      },
    ],
    pagerDuty: {
      'inc-1': [
        {
          id: 'Q2H7',
          number: 4117,
          title: 'voiceover: 1 in 38 fails',
          status: 'triggered',
          urgency: 'high',
          service: { id: 'PVOICE1', name: 'Voiceover' },
          url: 'https://studio.pagerduty.com/incidents/Q2H7',
          alertKeys: ['firebreak/inc-1/page'],
          assignees: ['Ada Byron'],
          acknowledgedBy: [],
          escalatesAt: now + 3 * minute,
          createdAt: now - 2 * minute,
          resolvedAt: null,
        },
      ],
    },
    timeline: [
      { at: now - 2 * minute, kind: 'page', text: 'Paged Ada through PagerDuty', actor: null, href: null },
      { at: now - 6 * minute, kind: 'alert', text: 'Last hour over 14.4×, as the last 5 min', actor: null, href: null },
      { at: now - 38 * minute, kind: 'told', text: 'Told Linus: burn rises since his change', actor: null, href: null },
      { at: now - 42 * minute, kind: 'onset', text: 'First errors over budget pace', actor: null, href: null },
      { at: now - 45 * minute, kind: 'change', text: 'voiceover-v2 5 → 25 %', actor: 'Linus', href: null },
      { at: now - 98 * minute, kind: 'change', text: 'voiceover-00042 at 100 %', actor: null, href: null },
    ],
    changes: [flagChange, revisionChange],
    observations: {
      'firebreak suspects/inc-1': seen(strongSuspects()),
      'cloud-monitoring failures/voiceover-availability': seen(
        {
          from: now - 42 * minute,
          to: dataTo,
          groups: [
            { code: '502', revision: 'voiceover-00042', region: 'europe-west1', bad: 870, total: 34_200 },
            { code: '504', revision: 'voiceover-00042', region: 'europe-west1', bad: 77, total: 34_200 },
          ],
        },
        38_000,
      ),
      'cloud-logging loglines/voiceover': seen({
        onset: now - 42 * minute,
        before: [{ message: 'deadline exceeded', count: 9 }],
        after: [
          { message: 'voice model "v2-large" not found', count: 868 },
          { message: 'deadline exceeded', count: 77 },
        ],
      }),
      'pagerduty oncall/voiceover': seen(
        [
          { person: 'Ada Byron', email: 'ada@studio.example', level: 1, until: now + 6 * 60 * minute },
          { person: 'Grace Murray', email: 'grace@studio.example', level: 2, until: null },
        ],
        120_000,
      ),
      'unleash flags': seen([
        {
          flag: 'voiceover-v2',
          description: 'What voiceover-v2 turns',
          type: 'release',
          stale: false,
          archived: false,
          createdAt: now - 30 * day,
          children: [],
          parents: [],
          lastSeenAt: now - 20_000,
          environments: [
            {
              flag: 'voiceover-v2',
              environment: 'production',
              enabled: true,
              strategies: [
                {
                  id: 's1',
                  name: 'flexibleRollout',
                  parameters: { rollout: '25', stickiness: 'userId', groupId: 'voiceover-v2' },
                  constraints: [],
                  segments: [],
                  variants: [],
                },
              ],
            },
          ],
        },
      ]),
      'cloud-run service/voiceover': seen({
        service: {
          name: 'voiceover',
          ready: true,
          reconciling: false,
          latestReadyRevision: 'voiceover-00042',
          trafficStatuses: [{ revision: 'voiceover-00042', percent: 100, tag: null }],
        },
        revisions: [
          {
            name: 'voiceover-00042',
            createdAt: now - 110 * minute,
            ready: true,
            retired: false,
            labels: { commit: '9c1f4e2' },
          },
          { name: 'voiceover-00041', createdAt: now - 3 * day, ready: true, retired: false, labels: {} },
        ],
        pinnedSince: null,
      }),
    },
    runs: [preparedRun(now)],
    silences: [pastSilence],
    followUps: [],
    audit: [],
    others: ['Grace'],
  };
}

/** Nothing burns, nothing is open. */
export function quietWorld(): World {
  const world = burningWorld();
  return {
    ...world,
    histories: {
      'voiceover-availability': history('voiceover-availability', []),
      'voiceover-latency': history('voiceover-latency', []),
      'studio-api-availability': history('studio-api-availability', []),
    },
    incidents: [],
    pagerDuty: {},
    timeline: [],
    changes: [],
    runs: [],
    others: [],
  };
}
