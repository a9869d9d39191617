import type { Action } from '#app/actions/action.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Actor, Run, StepState } from '#app/domain/run/run.ts';
import type { Runbook, StepDefinition } from '#app/domain/runbook/runbook.ts';
import type { AppendAudit } from '#app/engine/runs/deps.ts';
import { createRunEngine } from '#app/engine/runs/engine.server.ts';
import type { EngineHooks } from '#app/engine/runs/port.ts';
import { type Clock, systemClock } from '#app/platform/clock.ts';
import { type Db, openDb } from '#app/platform/db.server.ts';
import { createLog } from '#app/platform/log.ts';
import { createRedactor } from '#app/platform/redact.ts';
import { appendAudit } from '#app/stores/audit.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import { createBoss, createSendRun, startBoss } from '#app/stores/run/run-queue.server.ts';
import { createRunStore } from '#app/stores/run/runs.server.ts';
import type { RunStore, SloStore } from '#app/stores/stores.ts';

export const ada: Actor = { email: 'ada@studio.example', name: 'Ada', role: 'responder', teams: ['media-platform'] };
export const grace: Actor = { email: 'grace@studio.example', name: 'Grace', role: 'responder', teams: [] };
export const linus: Actor = { email: 'linus@studio.example', name: 'Linus', role: 'product', teams: ['voice'] };
export const vera: Actor = { email: 'vera@studio.example', name: 'Vera', role: 'viewer', teams: [] };

/** A step with what a file leaves out filled in. */
export function stepOf(part: Pick<StepDefinition, 'id' | 'uses'> & Partial<StepDefinition>): StepDefinition {
  const nothing = { when: null, require: null, verify: null, expires: null, line: 1, column: 1 };
  return { title: part.id, with: {}, ...nothing, ...part };
}

/** A catalog with one runbook of these steps, and the flags of two teams. */
export function catalogOf(steps: StepDefinition[]): Catalog {
  const runbook: Runbook = {
    slug: 'burning',
    file: 'runbooks/burning.md',
    title: 'Voiceover is burning',
    owner: 'media-platform',
    lastReviewedOn: null,
    reviewInDays: null,
    service: null,
    slos: [],
    inputs: [{ name: 'flag', type: 'flag', label: 'Flag', default: 'voiceover-v2' }],
    steps,
    blocks: [],
    headings: [],
    problems: [],
    digest: 'digest',
  };
  const flag = (name: string, owners: string[]): Catalog['flags'][number] => ({
    name,
    title: name,
    description: '',
    type: 'release',
    owners,
    service: 'voiceover',
    slos: [],
    safe: { state: 'off' },
    environments: [{ name: 'production', protected: true }],
    expires: null,
    cohort: null,
  });
  return {
    digest: 'catalog',
    organisation: 'studio',
    services: [],
    slos: [],
    profiles: {},
    flags: [flag('voiceover-v2', ['voice']), flag('moodboard-analysis-v3', ['visuals'])],
    runbooks: [runbook],
    problems: [],
  };
}

/** A console that has evaluated nothing yet. */
export const noSlos: SloStore = {
  states: async () => [],
  state: async () => null,
  minutes: async () => [],
  points: async () => [],
};

/** One process of the console over a database: a run store and an engine that is started. */
export async function startProcess(options: {
  url: string;
  /** The actions, or how they are made of the process's own database and run store. */
  actions: Action[] | ((parts: { db: Db; runs: RunStore }) => Action[]);
  catalog: Catalog;
  clock?: Clock;
  hooks?: EngineHooks;
  mode?: 'observe' | 'shadow' | 'act';
  slos?: SloStore;
  audit?: AppendAudit;
  redact?: (text: string) => string;
  name?: string;
  engine?: boolean;
}) {
  const log = createLog(process.env.TEST_LOG ?? 'silent', createRedactor());
  const handle = openDb(options.url, { max: 8, onError: (error) => log.warn({ err: error }, 'connection') });
  const boss = createBoss({ url: options.url, supervise: true, onError: (error) => log.warn({ err: error }, 'queue') });
  await startBoss(boss);
  const send = createSendRun(boss);
  const clock = options.clock ?? systemClock;
  const mode = options.mode ?? 'act';
  const environment = 'production';
  const catalog = async () => options.catalog;
  const notify = async () => undefined;
  const { db } = handle;
  const runs = createRunStore({ db, send, catalog, clock, notify, audit: appendAudit, mode, environment });
  const actions = typeof options.actions === 'function' ? options.actions({ db, runs }) : options.actions;
  const engine = createRunEngine({
    db,
    boss,
    send,
    actions: new Map(actions.map((action) => [action.uses, action])),
    catalog,
    clock,
    log,
    notify,
    audit: options.audit ?? appendAudit,
    ...(options.redact ? { redact: options.redact } : {}),
    slos: options.slos ?? noSlos,
    observations: createObservationStore(db),
    hooks: options.hooks ?? null,
    mode,
    environment,
    processName: options.name ?? 'test',
  });
  if (options.engine !== false) await engine.start();
  return {
    db,
    boss,
    runs,
    engine,
    async stop() {
      await engine.stop(2_000);
      await boss.stop({ graceful: true, timeout: 2_000 });
      await handle.close();
    },
  };
}

export type TestProcess = Awaited<ReturnType<typeof startProcess>>;

/** Waits until a step is in one of the states; fails with what it found instead. */
export async function untilStep(
  { runs }: Pick<TestProcess, 'runs'>,
  runId: string,
  stepId: string,
  states: StepState[],
  ms = 20_000,
  everyMs = 25,
): Promise<Run['steps'][number]> {
  const until = Date.now() + ms;
  for (;;) {
    // A connection that a test breaks may be the one this look is on.
    const run = await runs.get(runId).catch(() => null);
    const step = run?.steps.find((one) => one.id === stepId);
    if (step && states.includes(step.state)) return step;
    if (Date.now() > until)
      throw new Error(`${stepId} is ${step?.state} (${step?.reason}), not ${states.join(' or ')}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Opens the test runbook, waits for a plan of a step and confirms it as `actor`. */
export async function openAndConfirm(process: TestProcess, stepId: string, actor: Actor = ada): Promise<string> {
  const runId = await process.runs.openRun({ template: 'burning', inputs: {}, incidentId: null, service: null }, actor);
  await confirmPlanned(process, runId, stepId, actor);
  return runId;
}

/** Undoes a step as its undo reads now. */
export async function undoAsRead(
  { runs }: Pick<TestProcess, 'runs'>,
  runId: string,
  stepId: string,
  reason: string | null = null,
): Promise<void> {
  const step = (await runs.get(runId))?.steps.find((one) => one.id === stepId);
  await runs.undo({ runId, stepId, hash: step?.undoHash ?? 'none', reason, actor: ada });
}

/** Confirms the plan that stands. */
export async function confirmPlanned(
  process: TestProcess,
  runId: string,
  stepId: string,
  actor: Actor = ada,
): Promise<void> {
  const step = await untilStep(process, runId, stepId, ['planned']);
  const base = { reason: null, acknowledged: false, outcome: null, address: null };
  await process.runs.confirm({ runId, stepId, hash: step.planHash!, actor, ...base });
}
