import { expect } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { flagExpose } from '#app/actions/flag-expose.server.ts';
import { flagPutBack } from '#app/actions/flag-put-back.server.ts';
import type { MonitoringRead } from '#app/clients/cloud-monitoring/port.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Incident } from '#app/domain/incident/incident.ts';
import type { RolloutPlan, RolloutSubject } from '#app/domain/rollout/plan.ts';
import type { Rollout } from '#app/domain/rollout/rollout.ts';
import type { RolloutState } from '#app/domain/rollout/transitions.ts';
import type { Actor } from '#app/domain/run/run.ts';
import { minuteMs } from '#app/domain/slo/series.ts';
import { advanceRollouts } from '#app/engine/rollouts/advance-rollouts.server.ts';
import type { RolloutDeps } from '#app/engine/rollouts/deps.ts';
import type { EngineHooks } from '#app/engine/runs/port.ts';
import { type Clock, piecewiseClock } from '#app/platform/clock.ts';
import { createLog } from '#app/platform/log.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createRolloutStore } from '#app/stores/rollout/rollouts.server.ts';
import { createSendRun } from '#app/stores/run/run-queue.server.ts';
import type { SloState, SloStore } from '#app/stores/stores.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { ada, catalogOf, startProcess } from '../harness.ts';
import type { fakeUnleash } from './fake-unleash.ts';

export const slo = 'voiceover-availability';
const silent = async () => undefined;

/** What the watched service does: a test turns these while time passes. */
export interface Told {
  /** Requests a minute, and how many of them fail. */
  load: (at: number) => { total: number; bad: number };
  /** From when on its source gives no more minutes. */
  silentFrom: number | null;
  error: string | null;
  budgetRemaining: number;
  tier: SloState['tier'];
  incidents: Pick<Incident, 'title' | 'service' | 'children'>[];
  /** People by email; null for those whose account was disabled. */
  people: Record<string, Actor | null>;
}

export function calm(): Told {
  return {
    load: () => ({ total: 600, bad: 0 }),
    silentFrom: null,
    error: null,
    budgetRemaining: 0.8,
    tier: null,
    incidents: [],
    people: { [ada.email]: ada },
  };
}

/** Data time that runs `speed` times as fast as the test's. */
export function fastClock(speed = 240): Clock {
  const begun = Date.now();
  return piecewiseClock(() => [{ wall: begun, data: Date.UTC(2026, 10, 22, 3), speed }]);
}

/** The SLO as Firebreak would hold it, of minutes up to a minute ago. */
function toldSlos(told: Told, clock: Clock): SloStore {
  const state = (): SloState =>
    ({
      slo,
      service: 'voiceover',
      at: clock.now(),
      tier: told.tier,
      error: told.error,
      errorAt: null,
      readAt: clock.now(),
      evaluation: { condition: 'ok', reason: null, period: { budgetRemaining: told.budgetRemaining }, windows: {} },
    }) as unknown as SloState;
  return {
    states: async () => [state()],
    state: async () => state(),
    points: async () => [],
    async minutes(_slo, from, to) {
      const last = Math.min(to, Math.floor(clock.now() / minuteMs) * minuteMs, told.silentFrom ?? Number.MAX_VALUE);
      const first = Math.floor(from / minuteMs) * minuteMs + minuteMs;
      const count = Math.max(0, Math.floor((last - first) / minuteMs) + 1);
      return Array.from({ length: count }, (_, i) => first + i * minuteMs).map((at) => ({ at, ...told.load(at) }));
    },
  };
}

export function rolloutCatalog(): Catalog {
  const base = catalogOf([]);
  const count = (filter: string) => ({ project: 'studio', filter });
  return {
    ...base,
    flags: base.flags.map((flag) => ({ ...flag, slos: [slo] })),
    slos: [
      anSlo({
        id: slo,
        indicator: { kind: 'ratio', total: count('all'), bad: count('5xx') },
        paging: 'shadow',
        minBadEvents: 0,
        settle: minuteMs,
      }),
    ],
  };
}

/** Stages of 6 min each, guarded by the whole service. */
export function planOf(percents: number[], part: Partial<RolloutPlan> = {}): RolloutPlan {
  return {
    stages: percents.map((percent) => ({
      percent,
      hold: 6 * minuteMs,
      guards: [{ source: { kind: 'slo', slo }, over: null, judge: 'service' }],
      minRequests: 100,
      window: { short: 5, long: 60 },
      approve: [],
    })),
    backTo: 'start',
    resume: 'by-person',
    shadow: false,
    ...part,
  };
}

/** A console process that moves rollouts on, over a database; `step` off leaves the moving to the test. */
export async function startRollouts(options: {
  url: string;
  told: Told;
  clock: Clock;
  catalog: Catalog;
  unleash?: Pick<ReturnType<typeof fakeUnleash>, 'read' | 'write' | 'witness' | 'whole'>;
  /** More actions, of Cloud Run say. */
  actions?: (
    parts: Parameters<Extract<Parameters<typeof startProcess>[0]['actions'], (parts: never) => unknown>>[0],
  ) => Action[];
  monitoring?: Pick<MonitoringRead, 'counts'>;
  hooks?: RolloutDeps['hooks'];
  runHooks?: EngineHooks;
  mode?: 'observe' | 'shadow' | 'act';
  moves?: boolean;
  /** Off where another process drives the steps. */
  engine?: boolean;
  /** Brings observations up to date before each round. */
  observe?: (observations: ReturnType<typeof createObservationStore>) => Promise<void>;
}) {
  const { told, clock, catalog, unleash } = options;
  const slos = toldSlos(told, clock);
  const incidents = { open: async () => told.incidents as Incident[] };
  const mode = options.mode ?? 'act';
  const process = await startProcess({
    url: options.url,
    clock,
    catalog,
    slos,
    mode,
    hooks: options.runHooks,
    engine: options.engine,
    actions: (parts) => {
      const observations = createObservationStore(parts.db);
      const changes = createChangeStore(parts.db, clock.now, silent);
      const more = options.actions?.(parts) ?? [];
      if (!unleash) return more;
      const flag = {
        unleash: unleash.read,
        write: unleash.write,
        witness: unleash.witness,
        observations,
        changes,
        clock,
      };
      return [
        flagExpose({ ...flag, slos, incidents, ownEnvironment: 'production' }),
        flagPutBack({ ...flag, runs: parts.runs }),
        ...more,
      ];
    },
  });
  const { db, boss, runs } = process;
  const store = {
    db,
    send: createSendRun(boss),
    catalog: async () => catalog,
    clock,
    notify: silent,
    audit: appendAudit,
  };
  const rollouts = createRolloutStore({ ...store, mode, environment: 'production' });
  const observations = createObservationStore(db);
  const round = advanceRollouts({
    ...{ db, clock, notify: silent, catalog: async () => catalog, rollouts, runs, slos, incidents, observations, mode },
    log: createLog(globalThis.process.env.TEST_LOG ?? 'silent', createRedactor()),
    people: { get: async (email) => told.people[email] ?? null },
    monitoring: options.monitoring ?? { counts: async () => [] },
    environment: 'production',
    link: (path) => `https://console.example${path}`,
    hooks: options.hooks,
  });
  const ending = new AbortController();
  const turn = async () => {
    if (unleash) await observations.saw('unleash', 'flags', [unleash.whole()], clock.now());
    await options.observe?.(observations);
    await round(ending.signal);
  };
  const moving = (async () => {
    while (options.moves !== false && !ending.signal.aborted) {
      await turn().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  })();
  return {
    ...process,
    rollouts,
    observations,
    turn,
    /** Draws a rollout up and starts it as Ada. */
    async begin(subject: RolloutSubject, plan: RolloutPlan): Promise<string> {
      const id = await rollouts.draw(
        { subject, service: subject.kind === 'revision' ? subject.service : 'voiceover', plan },
        ada,
      );
      await decide(id, 'start');
      return id;
    },
    decide,
    async stop() {
      ending.abort(new Error('the test is over'));
      await moving;
      await process.stop();
    },
  };

  async function decide(
    id: string,
    decision: Parameters<typeof rollouts.decide>[0]['decision'],
    reason: string | null = null,
    actor: Actor = ada,
  ): Promise<void> {
    const { epoch } = (await rollouts.get(id))!;
    await rollouts.decide({ id, epoch, decision, reason, actor, address: null });
  }
}

export type RolloutProcess = Awaited<ReturnType<typeof startRollouts>>;

/** Waits until a rollout is in one of the states; fails with what it found instead. */
export async function untilRollout(
  { rollouts }: Pick<RolloutProcess, 'rollouts'>,
  id: string,
  states: RolloutState[],
  ms = 40_000,
): Promise<Rollout> {
  const until = Date.now() + ms;
  for (;;) {
    const rollout = await rollouts.get(id);
    if (rollout && states.includes(rollout.state)) return rollout;
    if (Date.now() > until) {
      const entries = await rollouts.entries(id);
      const said = entries.map(({ state, text }) => `${state}: ${text}`).join('\n');
      expect.fail(
        `the rollout is ${rollout?.state} (${JSON.stringify(rollout?.held)}), not ${states.join(' or ')}\n${said}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
