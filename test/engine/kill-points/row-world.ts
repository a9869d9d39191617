import { expect } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { type ActionsOutside, createActions } from '#app/actions/actions.server.ts';
import { githubDispatch } from '#app/actions/github-dispatch.server.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { RunStep, StepState } from '#app/domain/run/run.ts';
import { piecewiseClock } from '#app/platform/clock.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import { createChangeStore } from '#app/stores/changes.server.ts';
import { createFollowUpStore } from '#app/stores/follow-ups.server.ts';
import { createObservationStore } from '#app/stores/observations.server.ts';
import type { SloStore, Stores } from '#app/stores/stores.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { anSlo } from '../../domain/slo/make.ts';
import { ada, catalogOf, stepOf } from '../harness.ts';
import { endpoints, openOutside } from './outside.ts';
import { declaredFor, type Row, type Subject } from './rows.ts';
import { type Death, type KillPoint, startTwo } from './two-processes.ts';

const silent = async () => undefined;
const over: StepState[] = ['succeeded', 'verifying', 'unknown', 'failed', 'skipped', 'undone'];
const begun = Date.now();
/** Data time runs sixty times as fast, so that a hold of a minute takes a second. */
const clock = piecewiseClock(() => [{ wall: begun, data: begun, speed: 60 }]);

const count = (filter: string) => ({ project: 'example', filter });
const slo = anSlo({
  ...{ id: 'shop-availability', service: 'shop' },
  settle: 60_000,
  indicator: { kind: 'ratio', total: count('all'), bad: count('5xx') },
});
const burning = { condition: 'ok', windows: { '5m': { window: '5m', burn: 20, bad: 1, total: 9, coverage: 1 } } };
const slos = {
  states: async () => [],
  state: async () => ({ error: null, evaluation: burning }),
  minutes: async () => [],
  points: async () => [],
} as unknown as SloStore;

/** How a cell ended. */
export interface Told {
  /** False where the first process never came to the point. */
  dead: boolean;
  step: RunStep;
  /** Keys of the moves that wrote something outside, in order. */
  effects: string[];
  /** Keys that were declared, in this direction. */
  keys: string[];
  /** Audit actions, in order. */
  audit: string[];
  /** True when the second process found the effect at the target. */
  found: boolean;
}

/** One row of the matrix: a world outside, a database and two processes of its own. */
export async function openRow(row: Row) {
  const database = await createTestDatabase();
  let writes = 0;
  const world = await openOutside(clock, () => {
    writes += 1;
  });
  const effects: string[] = [];
  let subject: Subject = { input: {} };
  let catalog: Catalog = catalogOf([]);
  const two = await startTwo({
    ...{ url: database.url, clock, slos, catalog: () => catalog },
    actions: ({ db, runs }) => {
      const stores = {
        slos,
        observations: createObservationStore(db),
        changes: createChangeStore(db, clock.now, silent),
        followUps: createFollowUpStore(db, silent, silent),
        runs: { ...runs, captured: async () => (subject.captured ? { state: subject.captured, at: 0 } : null) },
        incidents: {
          open: async () => [],
          get: async () => null,
          pagerDuty: async () => (subject.page ? [await world.outside.pagerDuty.read.incident(subject.page)] : []),
        },
      } as unknown as Stores;
      const base = { outside: world.outside, stores, clock, from: ada.email, mode: 'act' as const };
      const made = createActions({ ...base, environment: 'production', link: (path) => path, redact: (text) => text });
      const all = new Map(made).set('github.dispatch', impatient(world.outside));
      return new Map([...all].map(([uses, action]) => [uses, watched(action)]));
    },
  });
  await two.db
    .insertInto('incident')
    .values({ id: 'burn', title: 'It burns', status: 'open', opened_at: 1, children: '[]' })
    .execute();

  function watched(action: Action): Action {
    const watch =
      (work: Action['apply']): Action['apply'] =>
      async (context, move) => {
        const before = writes;
        try {
          return await work(context, move);
        } finally {
          if (writes > before) effects.push(move.key);
        }
      };
    return { ...action, apply: watch(action.apply), ...(action.undo ? { undo: watch(action.undo) } : {}) };
  }

  const isOver = async (runId: string) => over.includes((await two.stepOf(runId)).state);

  /** Lets the second process drive until it is so; `drive` takes the segments otherwise. */
  async function until(so: () => Promise<boolean>, drive = two.goOn): Promise<void> {
    const limit = Date.now() + 60_000;
    while (!(await so())) {
      if (Date.now() > limit) throw new Error(`${row.name} stands still: ${JSON.stringify(await states())}`);
      if (!(await drive())) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  const states = () => two.db.selectFrom('run_step').select(['state', 'reason']).orderBy('run_id').execute();

  async function confirmed(runId: string): Promise<void> {
    await until(async () => (await two.stepOf(runId)).state === 'planned');
    const { planHash, plan } = await two.stepOf(runId);
    expect(plan?.refused).toBeNull();
    const said = { reason: 'It burns.', acknowledged: true, outcome: row.uses === 'manual' ? 'They know.' : null };
    await two.runs.confirm({ runId, stepId: 'act', hash: planHash!, actor: ada, address: null, ...said });
  }

  async function undone(runId: string): Promise<void> {
    await until(() => isOver(runId));
    const { undoHash } = await two.stepOf(runId);
    await two.runs.undo({ runId, stepId: 'act', hash: undoHash!, reason: null, actor: ada });
  }

  /** A run of the row's step, as far as a person brings it. */
  async function begin(slug: string): Promise<string> {
    subject = await row.given(world, slug);
    const base = catalogOf([stepOf({ id: 'act', uses: row.uses, title: slug, with: subject.input })]);
    const service = { id: 'shop', title: 'Shop', description: '', owner: 'team-shop', kind: 'cloud-run' as const };
    const shop = { ...service, cloudRun: world.service, pagerDutyService: null, dependsOn: [], runbook: null };
    const runbook = { ...base.runbooks[0]!, slug, inputs: [] };
    catalog = { ...declaredFor(base, subject), services: [shop], slos: [slo], endpoints, runbooks: [runbook] };
    const runId = await two.runs.openRun({ template: slug, inputs: {}, incidentId: 'burn', service: 'shop' }, ada);
    if ((await two.stepOf(runId)).kind !== 'read') await confirmed(runId);
    if (row.direction === 'undo') await undone(runId);
    return runId;
  }

  return {
    /** Lets the first process die at a point, the second go on, and the first wake again: what it then records has to be refused. */
    async cell(point: KillPoint): Promise<Told> {
      const runId = await begin(`${row.name} ${point}`);
      effects.length = 0;
      const death: Death = { runId, point, direction: row.direction, effect: row.dies ?? 1 };
      let dead = false;
      let wake: () => Promise<void> = silent;
      await until(
        async () => dead || (await isOver(runId)),
        async () => {
          const drove = await two.driveToDeath(death);
          if (drove.dead) ({ dead, wake } = drove);
          return drove.drove;
        },
      );
      await until(() => isOver(runId));
      // And one look more: what is recorded is not done again.
      await two.goOn();
      const recorded = await two.recorded(runId);
      const written = [...effects];
      await wake();
      expect(await two.recorded(runId), 'a late record was not refused').toEqual(recorded);
      await two.forgetJobs();
      const attempts = recorded.attempts.filter(({ direction }) => direction === row.direction);
      return {
        dead,
        step: await two.stepOf(runId),
        effects: written,
        keys: attempts.map(({ key }) => key),
        audit: recorded.audit.map(({ action }) => action),
        found: attempts.some(({ outcome }) => (outcome as { recovered?: boolean } | null)?.recovered === true),
      };
    },
    /** What the action says is done about an effect of this plan whose outcome is lost. */
    recoveryOf({ plan }: RunStep) {
      const { recovery } = two.actions.get(row.uses)!;
      return typeof recovery === 'function' ? recovery(plan!) : recovery;
    },
    chain: () => createAuditStore(two.db).verify(),
    async close() {
      await two.stop();
      await world.close();
      await database.drop();
    },
  };
}

/** The dispatch of workflows that does not wait 20 s for GitHub to list a run. */
function impatient({ github }: ActionsOutside): Action {
  return githubDispatch({ ...github, patience: { every: 20, listed: 300, ended: 5_000 } });
}
