import { boundPanicText, memberStep, readyMembers } from '../../domain/panic/panic.ts';
import { AppError, errorCode } from '../../errors.ts';
import { confirmStepIn } from '../run/confirm-step.server.ts';
import { type PanicDeps, type PanicWord, panicHash, panicLine, panicWord, tellOfPanics } from './panic-parts.server.ts';
import { requiredPanic } from './read-panics.server.ts';

/** One word for all plans of a panic; see `PanicStore.confirm`. */
export async function confirmPanic(
  deps: PanicDeps,
  { id, hash, reason, acknowledged, actor, address }: PanicWord & { acknowledged: boolean },
): Promise<void> {
  const { db, clock } = deps;
  const why = panicWord(deps, { actor, reason });
  if (!acknowledged) throw new AppError('reason_needed', 'Tick that you have read what will be done.');
  const panic = await requiredPanic(deps, id);
  if (panic.confirmedAt !== null) throw new AppError('already_done', `${panic.confirmedBy} already did this.`);
  if (panic.putAwayAt !== null) throw new AppError('already_done', 'This panic was put away. Begin a new one.');
  const ready = readyMembers(panic);
  if (ready.length === 0) throw new AppError('not_planned', 'No member has a plan that could be carried out.');
  if (panicHash(boundPanicText(panic)) !== hash) throw new AppError('plan_stale');
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
    // All runs and their steps before the first line of the audit: its lock is held until the end, and under it we wait for nobody.
    const ids = ready.map(({ run }) => run!.id).sort();
    await tx.selectFrom('run').select('id').where('id', 'in', ids).orderBy('id').forUpdate().execute();
    await tx
      .selectFrom('run_step')
      .select('step_id')
      .where('run_id', 'in', ids)
      .orderBy('run_id')
      .orderBy('index')
      .forUpdate()
      .execute();
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
    await tellOfPanics(deps, tx);
    const covers = ready.map(({ kind, name }) => `${kind}/${name}`);
    await deps.audit(tx, { ...panicLine(deps, panic, 'confirmed', actor, why, { id, hash, covers }), address });
  });
}
