import { randomBytes } from 'node:crypto';
import { memberStep } from '../../domain/panic/panic.ts';
import type { PanicSet, PanicTarget } from '../../domain/panic/panic-set.ts';
import type { Actor } from '../../domain/run/run.ts';
import { AppError, errorCode } from '../../errors.ts';
import { isFresh, openMember, planAgain } from './panic-dry-run.server.ts';
import { mayPanic, type PanicDeps, panicLine, tellOfPanics } from './panic-parts.server.ts';
import { requiredPanic } from './read-panics.server.ts';

/** Runs that a panic opened itself were opened right before it, ms. */
const openedWithin = 30_000;

/** The dry run of a set; see `PanicStore.open`. */
export async function openPanic(deps: PanicDeps, set: PanicSet, actor: Actor): Promise<string> {
  const { db, runs, clock } = deps;
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
    const panic = await requiredPanic(deps, id);
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
          undo_despite: null,
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
    await tellOfPanics(deps, tx);
  });
  return id;
}

/** Puts an unconfirmed panic away with the runs that it opened; see `PanicStore.putAway`. */
export async function putPanicAway(deps: PanicDeps, id: string, actor: Actor): Promise<void> {
  const { db, runs, clock } = deps;
  mayPanic(actor);
  const panic = await requiredPanic(deps, id);
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
    if (!member.run || member.run.openedAt < panic.openedAt - openedWithin || memberStep(member)?.confirmedBy) continue;
    const word = { runId: member.run.id, reason: 'the panic was put away', actor };
    await runs.cancel(word).catch((error: unknown) => {
      if (!errorCode(error)) throw error;
    });
  }
  await db.transaction().execute(async (tx) => {
    await tellOfPanics(deps, tx);
    await deps.audit(tx, panicLine(deps, panic, 'put-away', actor, null, { id }));
  });
}
