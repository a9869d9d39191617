import { decidedBy } from '../../domain/audit/audit.ts';
import { confirmPermission } from '../../domain/run/offers.ts';
import { AppError } from '../../errors.ts';
import { recordTimeline } from '../incident/timeline.server.ts';
import type { RunStore } from '../stores.ts';
import { lockedStep, said } from './decide-step.server.ts';
import { holderOf } from './locks.server.ts';
import type { RunStoreDeps } from './runs.server.ts';
import type { StepDrive } from './step-drive.ts';
import { mayActOn } from './step-permission.ts';

/** Writes down that a waiting step takes its target over, and from whom; see `RunStore.takeOver`. */
export async function takeOverTarget(
  deps: RunStoreDeps,
  { runId, stepId, reason, actor }: Parameters<RunStore['takeOver']>[0],
): Promise<void> {
  const catalog = await deps.catalog();
  await deps.db.transaction().execute(async (tx) => {
    const { run, step } = await lockedStep(tx, runId, stepId);
    const undo = step.drive.direction === 'undo';
    const kind = undo ? 'stop' : (step.plan?.kind ?? step.kind);
    mayActOn(actor, confirmPermission(kind), run, step, catalog);
    if (deps.mode !== 'act') throw new AppError('mode_observe');
    const target = step.plan?.target ?? null;
    const holder = step.state === 'blocked' && target !== null ? await holderOf(tx, target) : null;
    if (!holder || target === null || holder.runId === runId)
      throw new AppError('already_done', 'Nobody holds the target any more: this step goes on by itself.');
    if (kind !== 'stop' && holder.kind === 'stop')
      throw new AppError('locked', 'A stop holds the target, and no step forward takes over from a stop.');
    const why = said(reason);
    const takeOver = { runId: holder.runId, stepId: holder.stepId, by: actor.name, reason: why };
    const { look: _look, ...rest } = step.drive;
    const drive: StepDrive = { ...rest, takeOver };
    await tx
      .updateTable('run_step')
      .set({ drive: JSON.stringify(drive) })
      .where('run_id', '=', runId)
      .where('step_id', '=', stepId)
      .execute();
    const at = deps.clock.now();
    const text = `${actor.name} took ${target} over from ${holder.holder}: ${why}`;
    const others = await tx.selectFrom('run').select('incident_id').where('id', '=', holder.runId).executeTakeFirst();
    for (const incident of new Set([run.incident_id, others?.incident_id ?? null])) {
      const line = { key: `take-over/${runId}/${stepId}/${at}`, at, kind: 'run' as const, text, actor: actor.name };
      if (incident !== null) await recordTimeline(tx, incident, [line]);
    }
    await deps.notify('runs', tx);
    await deps.notify(`run/${runId}`, tx);
    await deps.send(tx, { runId, look: null });
    await deps.audit(tx, {
      at,
      actor: decidedBy(actor),
      action: 'target.take-over',
      target,
      runId,
      stepId,
      reason: why,
      before: { runId: holder.runId, stepId: holder.stepId, holder: holder.holder },
      after: null,
      address: null,
    });
  });
}
