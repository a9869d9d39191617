import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Catalog } from '../../domain/catalog.ts';
import { plural } from '../../domain/plural.ts';
import { decision, type RolloutDecision } from '../../domain/rollout/decision.ts';
import { planSight } from '../../domain/rollout/facts.ts';
import { rollRefusal } from '../../domain/rollout/permission.ts';
import { type RolloutPlan, type RolloutSubject, rolloutTarget } from '../../domain/rollout/plan.ts';
import type { Rollout, RolloutEntry, RolloutRun } from '../../domain/rollout/rollout.ts';
import { endedRollouts } from '../../domain/rollout/transitions.ts';
import type { StageVerdict } from '../../domain/rollout/verdict.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError } from '../../errors.ts';
import type { Tx } from '../../platform/db.server.ts';
import { confirmStepIn } from '../run/confirm-step.server.ts';
import type { RunStoreDeps } from '../run/runs.server.ts';
import type { RunStore } from '../stores.ts';
import { mustRaise } from './must-raise.server.ts';
import { toRollout } from './rollout-rows.ts';
import { openStep, type RolloutStep, stepsOf } from './rollout-steps.server.ts';
import { byEngine, type RolloutChange, writeRollout } from './write-rollout.server.ts';

/** A rollout about to be drawn up. */
export interface NewRollout {
  subject: RolloutSubject;
  service: string;
  plan: RolloutPlan;
}

/** Rollouts as pages read them, and what people decide about them. */
export interface RolloutStore {
  get(id: string): Promise<Rollout | null>;
  /** The newest first. `target` as locks name it. */
  list(query: { target?: string; service?: string; open?: boolean; limit: number }): Promise<Rollout[]>;
  entries(id: string): Promise<RolloutEntry[]>;
  runs(id: string): Promise<RolloutRun[]>;
  /** The rollout whose step a run is; null for any other run. */
  ofRun(runId: string): Promise<Pick<Rollout, 'id' | 'title'> | null>;
  /** Draws a rollout up: it changes nothing until somebody starts it. Throws AppError forbidden | bad_input. */
  draw(rollout: NewRollout, actor: Actor): Promise<string>;
  /** A person's word about a rollout as they read it (`epoch`). Throws AppError forbidden | already_done | plan_stale | reason_needed | locked. */
  decide(input: {
    id: string;
    epoch: number;
    decision: RolloutDecision;
    reason: string | null;
    /** Whoever starts a plan with a blind stage says that they know. */
    knowsBlind?: boolean;
    actor: Actor;
    address: string | null;
  }): Promise<void>;
}

/** What the engine writes. */
export interface RolloutWriter {
  /** Everything that may move: what has not ended, and what ended after `since`. */
  moving(since: number): Promise<Rollout[]>;
  steps(id: string): Promise<RolloutStep[]>;
  /** Changes a rollout that stands as it was read; false when it does not. */
  change(rollout: Rollout, change: Omit<RolloutChange, 'by'>): Promise<boolean>;
  /** Opens the run of the next step, with the change of state that goes with it; false when the rollout has moved on. */
  open(
    rollout: Rollout,
    direction: RolloutRun['direction'],
    change: Omit<RolloutChange, 'by'> | null,
  ): Promise<boolean>;
  /** Gives the word for a step while the rollout stands as it was read; false when it has moved on. Throws as `RunStore.confirm`. */
  confirm(rollout: Rollout, word: Parameters<RunStore['confirm']>[0]): Promise<boolean>;
  judged(rollout: Rollout, verdict: StageVerdict): Promise<void>;
}

/** Guarded rollouts in PostgreSQL. */
export function createRolloutStore(deps: RunStoreDeps): RolloutStore & RolloutWriter {
  const { db } = deps;

  async function locked(tx: Tx, id: string): Promise<Rollout | null> {
    const row = await tx.selectFrom('rollout').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
    return row ? toRollout(row) : null;
  }

  /** Runs `work` on a rollout that still stands as it was read; false when it does not. */
  function ifUnmoved(rollout: Rollout, work: (tx: Tx, now: Rollout) => Promise<unknown>): Promise<boolean> {
    return db.transaction().execute(async (tx) => {
      const now = await locked(tx, rollout.id);
      if (now?.epoch !== rollout.epoch) return false;
      await work(tx, now);
      return true;
    });
  }

  return {
    async get(id) {
      const row = await db.selectFrom('rollout').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toRollout(row) : null;
    },
    async list({ target, service, open, limit }) {
      let query = db.selectFrom('rollout').selectAll().orderBy('opened_at', 'desc').orderBy('id').limit(limit);
      if (target !== undefined) query = query.where('target', '=', target);
      if (service !== undefined) query = query.where('service', '=', service);
      if (open !== undefined) query = query.where('state', open ? 'not in' : 'in', [...endedRollouts]);
      return (await query.execute()).map(toRollout);
    },
    async entries(id) {
      return db
        .selectFrom('rollout_entry')
        .select(['at', 'stage', 'state', 'by', 'text', 'percent'])
        .where('rollout_id', '=', id)
        .orderBy('id')
        .execute();
    },
    async runs(id) {
      return (await stepsOf(db, id)).map(({ direction, stage, attempt, runId }) => ({
        direction,
        stage,
        attempt,
        runId,
      }));
    },
    async ofRun(runId) {
      const row = await db
        .selectFrom('rollout_run')
        .innerJoin('rollout', 'rollout.id', 'rollout_run.rollout_id')
        .select(['rollout.id', 'rollout.title'])
        .where('rollout_run.run_id', '=', runId)
        .executeTakeFirst();
      return row ?? null;
    },
    async draw({ subject, service, plan }, actor) {
      const catalog = await deps.catalog();
      mayRoll(actor, subject, catalog, 'draw');
      const at = deps.clock.now();
      const id = randomBytes(8).toString('hex');
      const name = subject.kind === 'flag' ? subject.flag : subject.revision;
      const where = subject.kind === 'flag' ? subject.environment : subject.service;
      const target = rolloutTarget(subject);
      const shadow = plan.shadow || deps.mode !== 'act';
      if (!shadow) await mustRaise(db, subject, plan);
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('rollout')
          .values({
            ...{ id, kind: subject.kind, name, target, service, shadow },
            ...{ subject: JSON.stringify(subject), plan: JSON.stringify(plan), title: `${name} in ${where}` },
            ...{ state: 'draft', state_since: at, stage: 0, epoch: 0, effect_at: null, ended_at: null },
            ...{ opened_by: JSON.stringify(actor), opened_at: at, approvals: '{}' },
          })
          .execute();
        const text = `Drawn up with ${plural(plan.stages.length, 'stage')}${shadow ? ', in shadow' : ''}.`;
        await tx
          .insertInto('rollout_entry')
          .values({ rollout_id: id, at, stage: 0, state: 'draft', by: actor.name, text, percent: null })
          .execute();
        await deps.notify('rollouts', tx);
        await deps.audit(tx, {
          ...{ at, actor: actor.email, action: 'rollout.drawn', target, runId: null, stepId: null, reason: null },
          ...{ before: null, after: { rollout: id, subject, plan }, address: null },
        });
      });
      return id;
    },
    async decide({ id, epoch, decision: wish, reason, knowsBlind = false, actor, address }) {
      const catalog = await deps.catalog();
      await db.transaction().execute(async (tx) => {
        const rollout = await locked(tx, id);
        if (!rollout) throw new AppError('not_found');
        mayRoll(actor, rollout.subject, catalog, wish);
        if (rollout.epoch !== epoch) throw new AppError('plan_stale', 'The rollout has moved on; read it again.');
        const said = reason?.trim() || null;
        const made = decision(wish, rollout, actor, said);
        if ('problem' in made) throw new AppError(made.code, made.problem);
        if (made.approves) {
          const given = { by: actor.name, email: actor.email, at: deps.clock.now() };
          const approvals = { ...rollout.approvals, [rollout.stage]: given };
          await tx
            .updateTable('rollout')
            .set({ approvals: JSON.stringify(approvals) })
            .where('id', '=', id)
            .execute();
        }
        if (wish === 'start') await mayStart(tx, rollout, catalog, knowsBlind);
        await writeRollout(deps, tx, rollout, { ...made.change, by: actor, reason: said, address });
      });
    },
    async moving(since) {
      const rows = await db
        .selectFrom('rollout')
        .selectAll()
        .where('state', '!=', 'draft')
        .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', since)]))
        .orderBy('opened_at')
        .execute();
      return rows.map(toRollout);
    },
    steps: (id) => stepsOf(db, id),
    change: (rollout, change) =>
      ifUnmoved(rollout, (tx, now) => writeRollout(deps, tx, now, { ...change, by: byEngine })),
    open: (rollout, direction, change) =>
      ifUnmoved(rollout, async (tx, now) => {
        await openStep(deps, tx, now, direction);
        if (change) await writeRollout(deps, tx, now, { ...change, by: byEngine });
      }),
    async confirm(rollout, word) {
      const catalog = await deps.catalog();
      return ifUnmoved(rollout, (tx) => confirmStepIn(tx, deps, catalog, word));
    },
    async judged(rollout, verdict) {
      await db
        .updateTable('rollout')
        .set({ verdict: JSON.stringify(verdict) })
        .where('id', '=', rollout.id)
        .where('epoch', '=', rollout.epoch)
        .execute();
      await deps.notify('rollouts', db);
    },
  };
}

const startLock = 61_022;

/**
 * Throws `reason_needed` for a blind stage that nobody owned up to, `locked` while another goes on: that would take this one's
 * steps for somebody else's. And `bad_input` where people would lose what they have.
 */
async function mayStart(
  tx: Tx,
  { id, target, plan, subject, shadow }: Rollout,
  catalog: Catalog | null,
  knowsBlind: boolean,
): Promise<void> {
  const blind = planSight(plan, { slos: catalog?.slos ?? [] }).findIndex((sight) => sight.blind);
  if (blind >= 0 && !knowsBlind) {
    throw new AppError('reason_needed', `Stage ${blind + 1} is blind: tick the box that says you know.`);
  }
  // Of two that are started at once the second waits here, and finds the first.
  await sql`select pg_advisory_xact_lock(${startLock}, hashtext(${target}))`.execute(tx);
  const other = await tx
    .selectFrom('rollout')
    .select('title')
    .where('target', '=', target)
    .where('id', '!=', id)
    .where('state', 'not in', ['draft', ...endedRollouts])
    .executeTakeFirst();
  if (other) throw new AppError('locked', `A rollout of ${other.title} is under way already: end that one first.`);
  if (!shadow) await mustRaise(tx, subject, plan);
}

/** Throws `forbidden` unless the person may do this: product people on flags they own, responders on all. */
function mayRoll(actor: Actor, subject: RolloutSubject, catalog: Catalog | null, wish: RolloutDecision | 'draw'): void {
  const declared = subject.kind === 'flag' ? catalog?.flags.find(({ name }) => name === subject.flag) : undefined;
  const why = rollRefusal(actor, subject, declared?.owners ?? null, wish);
  if (why) throw new AppError('forbidden', why);
}
