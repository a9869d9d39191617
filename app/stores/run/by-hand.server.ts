import { randomUUID } from 'node:crypto';
import { confirmPermission } from '../../domain/run/offers.ts';
import { after } from '../../domain/run/transitions.ts';
import { staysInside } from '../../domain/runbook/actions.ts';
import { AppError } from '../../errors.ts';
import { recordTimeline } from '../incident/timeline.server.ts';
import type { RunStore } from '../stores.ts';
import { lockedStep, said } from './decide-step.server.ts';
import type { RunStoreDeps } from './runs.server.ts';
import type { StepDrive } from './step-drive.ts';
import { mayActOn } from './step-permission.ts';

/** Records that a person did a step by hand, and lets the engine look at it; see `RunStore.byHand`. */
export async function reportByHand(
  deps: RunStoreDeps,
  { runId, stepId, seen, actor, address }: Parameters<RunStore['byHand']>[0],
): Promise<void> {
  const catalog = await deps.catalog();
  await deps.db.transaction().execute(async (tx) => {
    const { run, step, steps } = await lockedStep(tx, runId, stepId);
    const kind = step.plan?.kind ?? step.kind;
    mayActOn(actor, confirmPermission(kind), run, step, catalog);
    if (run.state === 'done' || run.state === 'cancelled') throw new AppError('already_done', 'This run has ended.');
    if (step.drive.direction === 'undo')
      throw new AppError('locked', 'An undo of this step has not ended. Say first what came of that.');
    const current = steps.find(({ state }) => state !== 'succeeded' && state !== 'skipped' && state !== 'undone');
    if (kind === 'read' || staysInside(step.uses) || after(step.state, 'by-hand') === null || current !== step)
      throw new AppError('already_done', 'The step has moved on; read it again.');
    const at = deps.clock.now();
    const words = said(seen);
    const text = `done by hand by ${actor.name}: ${words}`;
    const look = randomUUID();
    const { progress } = step.drive;
    const drive: StepDrive = { progress, decision: 'done', byHand: { by: actor.name, seen: words }, look };
    await tx
      .updateTable('run_step')
      .set({
        state: 'verifying',
        result: 'none',
        reason: `D${text.slice(1)}`,
        confirmed_by: JSON.stringify(actor),
        confirmed_at: at,
        confirm_reason: words,
        effect_at: at,
        ended_at: null,
        evidence: null,
        verification: null,
        drive: JSON.stringify(drive),
      })
      .where('run_id', '=', runId)
      .where('step_id', '=', stepId)
      .execute();
    if (run.state === 'prepared') await tx.updateTable('run').set({ state: 'open' }).where('id', '=', runId).execute();
    const title = step.plan?.title ?? run.steps.find(({ id }) => id === stepId)?.title ?? stepId;
    if (run.incident_id !== null) {
      const key = `by-hand/${runId}/${stepId}/${at}`;
      const line = { key, at, kind: 'run' as const, text: `By hand: ${title}. ${words}`, actor: actor.name };
      await recordTimeline(tx, run.incident_id, [line]);
    }
    await deps.notify('runs', tx);
    await deps.notify(`run/${runId}`, tx);
    await deps.send(tx, { runId, look });
    await deps.audit(tx, {
      at,
      actor: actor.email,
      action: 'step.by-hand',
      target: step.plan?.target ?? `run/${runId}`,
      runId,
      stepId,
      reason: text,
      before: step.plan?.before ?? null,
      after: step.plan?.after ?? null,
      address,
    });
  });
}
