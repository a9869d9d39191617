import { boundPanicUndoText, memberStep, undoableMembers } from '../../domain/panic/panic.ts';
import { AppError } from '../../errors.ts';
import { againstUndo } from './panic-against.server.ts';
import { type PanicDeps, type PanicWord, panicHash, panicLine, panicWord, tellOfPanics } from './panic-parts.server.ts';
import { requiredPanic } from './read-panics.server.ts';

/** Asks for the way back of everything that a panic moved; see `PanicStore.undo`. */
export async function undoPanic(
  deps: PanicDeps,
  { id, hash, reason, acknowledged, actor, address }: PanicWord & { acknowledged: boolean },
): Promise<void> {
  const { db, clock } = deps;
  const why = panicWord(deps, { actor, reason });
  const panic = await requiredPanic(deps, id);
  if (panic.undoAt !== null && panic.undoEndedAt === null) {
    throw new AppError('already_done', `${panic.undoBy} asked for the way back already; it is under way.`);
  }
  const members = undoableMembers(panic);
  if (members.length === 0) throw new AppError('already_done', 'Nothing of this panic can be undone now.');
  const against = await againstUndo(deps, panic);
  if (panicHash(boundPanicUndoText(panic, against)) !== hash)
    throw new AppError(
      'plan_stale',
      'An undo would do something else by now, or something else speaks against it. Read it again.',
    );
  if (against.length > 0 && !acknowledged)
    throw new AppError('reason_needed', 'Tick that it may all come back in spite of what speaks against it.');
  await db.transaction().execute(async (tx) => {
    const taken = await tx
      .updateTable('panic')
      .set({
        undo_by: JSON.stringify(actor),
        undo_at: clock.now(),
        undo_reason: why,
        undo_ended_at: null,
        undo_despite: JSON.stringify(against),
      })
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
    await tellOfPanics(deps, tx);
    const covers = members.map(({ kind, name }) => `${kind}/${name}`);
    await deps.audit(tx, {
      ...panicLine(deps, panic, 'undo', actor, why, { id, hash, covers, despite: against.map(({ text }) => text) }),
      address,
    });
  });
}
