import { createHash, randomBytes } from 'node:crypto';
import { may } from '../domain/audit/permission.ts';
import {
  boundPanicText,
  boundPanicUndoText,
  memberStep,
  type Panic,
  readyMembers,
  undoableMembers,
} from '../domain/panic/panic.ts';
import type { PanicSet, PanicTarget } from '../domain/panic/panic-set.ts';
import type { Actor } from '../domain/run/run.ts';
import { AppError, errorCode } from '../errors.ts';
import type { Tx } from '../platform/db.server.ts';
import { confirmStepIn } from './confirm-step.server.ts';
import { said } from './decide-step.server.ts';
import { isFresh, openMember, planAgain } from './panic-dry-run.server.ts';
import { toPanic } from './panic-rows.ts';
import type { RunStoreDeps } from './runs.server.ts';
import type { RunStore } from './stores.ts';

/** Panics: many things made safe by one word, each by a run of its own. */
export interface PanicStore {
  recent(limit: number): Promise<Panic[]>;
  /** The newest panic that a run is a member of; null for any other run. */
  ofRun(runId: string): Promise<Pick<Panic, 'id' | 'title'> | null>;
  /** A panic with the hashes that its confirmation and its undo are bound to now. */
  get(id: string): Promise<(Panic & { hash: string; undoHash: string }) | null>;
  /**
   * The dry run of a set: opens the run of each member, which plans and changes nothing, and returns the panic's id. One
   * that lies there unconfirmed is read anew instead. A member whose run cannot be opened is kept with its reason.
   */
  open(set: PanicSet, actor: Actor): Promise<string>;
  /** Reads the plans of an unconfirmed panic anew. */
  readAgain(id: string): Promise<void>;
  /**
   * One word for all plans that may be carried out, in one transaction: each member's run takes it or says why not, and
   * none waits for another. Throws AppError plan_stale | already_done | reason_needed | forbidden | mode_observe | not_found.
   */
  confirm(input: {
    id: string;
    hash: string;
    reason: string;
    acknowledged: boolean;
    actor: Actor;
    address: string | null;
  }): Promise<void>;
  /** Asks for the way back of every member that this panic moved; the engine goes last in, first out. */
  undo(input: { id: string; hash: string; reason: string; actor: Actor; address: string | null }): Promise<void>;
  /** Puts an unconfirmed panic away and cancels the runs that it opened. */
  putAway(id: string, actor: Actor): Promise<void>;
}

/** Panics in PostgreSQL, over the runs of their members. */
export function createPanicStore(deps: RunStoreDeps & { runs: RunStore }): PanicStore {
  const { db, runs, clock } = deps;

  async function read(ids: readonly string[]): Promise<Panic[]> {
    if (ids.length === 0) return [];
    const rows = await db.selectFrom('panic').selectAll().where('id', 'in', ids).orderBy('opened_at', 'desc').execute();
    const members = await db
      .selectFrom('panic_member')
      .selectAll()
      .where('panic_id', 'in', ids)
      .orderBy('index')
      .execute();
    const wanted = [...new Set(members.flatMap(({ run_id }) => run_id ?? []))];
    const found = await Promise.all(wanted.map((id) => runs.get(id)));
    const byId = new Map(found.flatMap((run) => (run ? [[run.id, run]] : [])));
    return rows.map((row) =>
      toPanic(
        row,
        members.filter((member) => member.panic_id === row.id),
        byId,
      ),
    );
  }

  async function required(id: string): Promise<Panic> {
    const [panic] = await read([id]);
    if (!panic) throw new AppError('not_found', 'There is no panic with this address.');
    return panic;
  }

  const line = (panic: Panic, action: string, actor: Actor, reason: string | null, after: unknown) => ({
    ...{ at: clock.now(), actor: actor.email, action: `panic.${action}`, target: `panic/${panic.set}`, reason },
    ...{ runId: null, stepId: null, before: null, after, address: null as string | null },
  });

  const told = async (tx: Tx) => {
    await deps.notify('runs', tx);
    await deps.notify('panics', tx);
  };

  return {
    async recent(limit) {
      const rows = await db.selectFrom('panic').select('id').orderBy('opened_at', 'desc').limit(limit).execute();
      return read(rows.map(({ id }) => id));
    },
    async ofRun(runId) {
      const row = await db
        .selectFrom('panic_member')
        .innerJoin('panic', 'panic.id', 'panic_member.panic_id')
        .select(['panic.id', 'panic.title'])
        .where('panic_member.run_id', '=', runId)
        .orderBy('panic.opened_at', 'desc')
        .executeTakeFirst();
      return row ?? null;
    },
    async get(id) {
      const [panic] = await read([id]);
      return panic
        ? { ...panic, hash: sha256(boundPanicText(panic)), undoHash: sha256(boundPanicUndoText(panic)) }
        : null;
    },
    async open(set, actor) {
      mayPanic(actor);
      const known = await db
        .selectFrom('panic')
        .select('id')
        .where('set_name', '=', set.name)
        .where('confirmed_at', 'is', null)
        .where('put_away_at', 'is', null)
        .orderBy('opened_at', 'desc')
        .execute();
      for (const { id } of known) {
        const panic = await required(id);
        if (isFresh(panic, set)) {
          await planAgain(runs, panic.members);
          return id;
        }
      }
      const flags = (await deps.catalog())?.flags ?? [];
      const serviceOf = ({ kind, name }: PanicTarget) =>
        kind === 'traffic' ? name : (flags.find((flag) => flag.name === name)?.service ?? null);
      const members = await Promise.all(
        set.members.map((member) => openMember(runs, set, member, serviceOf(member), actor)),
      );
      await planAgain(runs, members);
      const id = randomBytes(8).toString('hex');
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('panic')
          .values({
            ...{ id, set_name: set.name, title: set.title, why: set.why, environment: set.environment },
            ...{ opened_by: JSON.stringify(actor), opened_at: clock.now(), confirmed_by: null, confirmed_at: null },
            ...{
              hash: null,
              reason: null,
              undo_by: null,
              undo_at: null,
              undo_reason: null,
              undo_ended_at: null,
              put_away_at: null,
            },
          })
          .execute();
        await tx
          .insertInto('panic_member')
          .values(
            members.map(({ kind, name, run, problem }, index) => ({
              ...{ panic_id: id, index, kind, name, run_id: run?.id ?? null, problem },
              ...{ confirmed: false, undo_hash: null, undo_asked_at: null },
            })),
          )
          .execute();
        await told(tx);
      });
      return id;
    },
    async readAgain(id) {
      await planAgain(runs, (await required(id)).members);
    },
    async confirm({ id, hash, reason, acknowledged, actor, address }) {
      mayPanic(actor);
      if (deps.mode !== 'act') throw new AppError('mode_observe');
      const why = said(reason);
      if (!acknowledged) throw new AppError('reason_needed', 'Tick that you have read what will be done.');
      const panic = await required(id);
      if (panic.confirmedAt !== null) throw new AppError('already_done', `${panic.confirmedBy} already did this.`);
      if (panic.putAwayAt !== null) throw new AppError('already_done', 'This panic was put away. Begin a new one.');
      const ready = readyMembers(panic);
      if (ready.length === 0) throw new AppError('not_planned', 'No member has a plan that could be carried out.');
      if (sha256(boundPanicText(panic)) !== hash) throw new AppError('plan_stale');
      const catalog = await deps.catalog();
      await db.transaction().execute(async (tx) => {
        const taken = await tx
          .updateTable('panic')
          .set({ confirmed_by: JSON.stringify(actor), confirmed_at: clock.now(), hash, reason: why })
          .where('id', '=', id)
          .where('confirmed_at', 'is', null)
          .where('put_away_at', 'is', null)
          .executeTakeFirst();
        if (Number(taken.numUpdatedRows) === 0) throw new AppError('already_done');
        // All rows before the first line of the audit: its lock is held until the end, and nobody may wait for us under it.
        const ids = ready.map(({ run }) => run!.id).sort();
        await tx.selectFrom('run').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
        for (const [index, member] of panic.members.entries()) {
          if (!ready.includes(member)) continue;
          const step = memberStep(member)!;
          const word = { runId: member.run!.id, stepId: step.id, hash: step.planHash!, reason: why, acknowledged };
          const problem = await confirmStepIn(tx, deps, catalog, { ...word, outcome: null, actor, address }).then(
            () => null,
            (error: unknown) => {
              // What a plan or a colleague says against one member stops no other.
              if (!errorCode(error)) throw error;
              return (error as AppError).message;
            },
          );
          await tx
            .updateTable('panic_member')
            .set({ confirmed: problem === null, problem })
            .where('panic_id', '=', id)
            .where('index', '=', index)
            .execute();
        }
        await told(tx);
        const covers = ready.map(({ kind, name }) => `${kind}/${name}`);
        await deps.audit(tx, { ...line(panic, 'confirmed', actor, why, { id, hash, covers }), address });
      });
    },
    async undo({ id, hash, reason, actor, address }) {
      mayPanic(actor);
      if (deps.mode !== 'act') throw new AppError('mode_observe');
      const why = said(reason);
      const panic = await required(id);
      if (panic.undoAt !== null && panic.undoEndedAt === null) {
        throw new AppError('already_done', `${panic.undoBy} asked for the way back already; it is under way.`);
      }
      const members = undoableMembers(panic);
      if (members.length === 0) throw new AppError('already_done', 'Nothing of this panic can be undone now.');
      if (sha256(boundPanicUndoText(panic)) !== hash)
        throw new AppError('plan_stale', 'An undo would do something else by now. Read it again.');
      await db.transaction().execute(async (tx) => {
        const taken = await tx
          .updateTable('panic')
          .set({ undo_by: JSON.stringify(actor), undo_at: clock.now(), undo_reason: why, undo_ended_at: null })
          .where('id', '=', id)
          .where((eb) => eb.or([eb('undo_at', 'is', null), eb('undo_ended_at', 'is not', null)]))
          .executeTakeFirst();
        if (Number(taken.numUpdatedRows) === 0) throw new AppError('already_done');
        for (const [index, member] of panic.members.entries()) {
          const asked = members.includes(member) ? memberStep(member)!.undoHash : null;
          await tx
            .updateTable('panic_member')
            .set({ undo_hash: asked, undo_asked_at: null, ...(asked ? { problem: null } : {}) })
            .where('panic_id', '=', id)
            .where('index', '=', index)
            .execute();
        }
        await told(tx);
        const covers = members.map(({ kind, name }) => `${kind}/${name}`);
        await deps.audit(tx, { ...line(panic, 'undo', actor, why, { id, hash, covers }), address });
      });
    },
    async putAway(id, actor) {
      mayPanic(actor);
      const panic = await required(id);
      const taken = await db
        .updateTable('panic')
        .set({ put_away_at: clock.now() })
        .where('id', '=', id)
        .where('confirmed_at', 'is', null)
        .where('put_away_at', 'is', null)
        .executeTakeFirst();
      if (Number(taken.numUpdatedRows) === 0) throw new AppError('already_done');
      for (const member of panic.members) {
        // A run that somebody opened for itself is left to them.
        if (!member.run || member.run.openedAt < panic.openedAt - openedWithin || memberStep(member)?.confirmedBy)
          continue;
        const word = { runId: member.run.id, reason: 'the panic was put away', actor };
        await runs.cancel(word).catch((error: unknown) => {
          if (!errorCode(error)) throw error;
        });
      }
      await db.transaction().execute(async (tx) => {
        await told(tx);
        await deps.audit(tx, line(panic, 'put-away', actor, null, { id }));
      });
    },
  };
}

/** Runs that a panic opened itself were opened right before it, ms. */
const openedWithin = 30_000;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function mayPanic(actor: Actor): void {
  if (!may(actor.role, 'panic')) throw new AppError('forbidden', 'A responder presses the panic page.');
}
