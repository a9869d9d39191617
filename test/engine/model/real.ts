import { sql } from 'kysely';
import { expect } from 'vitest';
import type { Action } from '#app/actions/action.ts';
import { blankPlan } from '#app/actions/plan-parts.ts';
import type { Catalog } from '#app/domain/catalog.ts';
import type { Actor, StepState } from '#app/domain/run/run.ts';
import { allowed } from '#app/domain/run/transitions.ts';
import { errorCode } from '#app/errors.ts';
import { manualClock } from '#app/platform/clock.ts';
import { createAuditStore } from '#app/stores/audit.server.ts';
import type { RunStore } from '#app/stores/stores.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { type FakeTarget, fakeAction, fakeTarget } from '../fake-target.ts';
import { ada, catalogOf, grace, noSlos, stepOf } from '../harness.ts';
import { type KillPoint, startTwo } from '../kill-points/two-processes.ts';
import type { Model } from './reference.ts';

/** The flag that all runs are about. */
const flag = { flag: 'voiceover-v2', environment: 'production' };
const key = 'flag/production/voiceover-v2';
const steps = [
  stepOf({ id: 'kill', uses: 'flag.kill', with: flag }),
  stepOf({ id: 'tell', uses: 'pagerduty.note', with: { text: 'told' } }),
];

/**
 * The engine over a real database, with a target that anybody may set, and people who do one thing after the other. Each template
 * has the steps of `base`.
 */
export async function openWorld(base: Catalog, actions: (target: FakeTarget) => Action[]) {
  const database = await createTestDatabase();
  const target = fakeTarget('on');
  /** What an effect found wrong while it was made. */
  const wrong: string[] = [];
  const slugs: string[] = [];
  let runs: RunStore | null = null;
  target.during = async ({ run }) => {
    const holder = await runs!.holder(key);
    if (holder?.runId !== run.id) wrong.push(`${run.id} acts while ${holder?.runId ?? 'nobody'} holds the target`);
  };
  const two = await startTwo({
    ...{ url: database.url, clock: manualClock(Date.UTC(2026, 10, 22, 3)), slos: noSlos },
    catalog: () => ({ ...base, runbooks: slugs.map((slug) => ({ ...base.runbooks[0]!, slug, inputs: [] })) }),
    actions: (parts) => {
      runs = parts.runs;
      return new Map(actions(target).map((action) => [action.uses, action]));
    },
  });
  await sql`create table seen_move (run_id text, step_id text, old text, new text)`.execute(two.db);
  await sql`create function see_move() returns trigger language plpgsql as $$ begin
    insert into seen_move values (new.run_id, new.step_id, old.state, new.state); return null; end $$`.execute(two.db);
  await sql`create trigger see_move after update on run_step for each row
    when (old.state is distinct from new.state) execute function see_move()`.execute(two.db);

  const drain = async () => {
    while (await two.goOn());
  };

  return {
    target,
    runs: two.runs,
    drain,
    /** A template that no earlier run was opened from. */
    template(): string {
      slugs.push(`burning-${slugs.length}`);
      return slugs.at(-1)!;
    },
    /** Does it, and says with which code it was refused; null when it was taken. */
    async wish(work: Promise<unknown>): Promise<string | null> {
      const code = await work.then(
        () => null,
        (error: unknown) => errorCode(error) ?? String(error),
      );
      return code;
    },
    step: (runId: string, stepId: string) => two.stepOf(runId, stepId),
    /** The process that drives a confirmed step dies at a point; another takes the run over. */
    async die(runId: string, point: KillPoint): Promise<void> {
      const { bury } = await two.driveToDeath({ runId, point, direction: 'apply', effect: 1 });
      await bury();
      await drain();
    },
    /** Holds the real world against what must never be. */
    async isSound(): Promise<void> {
      expect(wrong).toEqual([]);
      expect(await two.runs.holder(key)).toBeNull();
      const keys = target.effects.map((one) => one.key);
      expect(new Set(keys).size).toBe(keys.length);
      const { rows } = await sql<{ old: StepState; new: StepState }>`select distinct old, new from seen_move`.execute(
        two.db,
      );
      expect(rows.filter((move) => !allowed(move.old, move.new))).toEqual([]);
    },
    db: two.db,
    chain: () => createAuditStore(two.db).verify(),
    async close() {
      await two.stop();
      await database.drop();
    },
  };
}

/** The world of the runs that stop and tell. */
export async function openReal() {
  /** Keys of what was told. */
  const told: string[] = [];
  const world = await openWorld(catalogOf(steps), (target) => [
    fakeAction('flag.kill', 'stop', target, 'off'),
    tells(told),
  ]);
  return {
    ...world,
    who: (other: boolean): Actor => (other ? grace : ada),
    /** Holds the real world against the reference, and against what must never be. */
    async agrees(model: Model): Promise<void> {
      expect(world.target.value).toBe(model.target);
      for (const run of model.runs) {
        if (!run) continue;
        const real = (await world.runs.get(run.id))!;
        const state = (id: string): StepState => real.steps.find((one) => one.id === id)!.state;
        const is = {
          kill: state('kill'),
          tell: state('tell'),
          ended: real.state === 'done' || real.state === 'cancelled',
        };
        expect(is).toEqual({ kill: run.kill, tell: run.tell, ended: run.ended });
      }
      expect(new Set(told).size).toBe(told.length);
      await world.isSound();
    },
  };
}

export type Real = Awaited<ReturnType<typeof openReal>>;

/** Tells somebody, who cannot be asked whether they were told. */
function tells(told: string[]): Action {
  const done = { next: 'done' as const, progress: null, evidence: null, outputs: {} };
  return {
    uses: 'pagerduty.note',
    recovery: 'ask',
    plan: async (context) => ({
      plan: blankPlan(context, { kind: 'people', title: 'Tell them', confirmLabel: 'Tell', after: 'told' }),
      capture: null,
    }),
    async apply(_context, move) {
      told.push(move.key);
      return done;
    },
    observe: async () => ({ state: 'unknown', text: 'they cannot be asked' }),
  };
}
