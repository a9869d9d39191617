import { randomUUID } from 'node:crypto';
import { writeStep } from './claim.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import { makePlan } from './make-plan.server.ts';
import { recordNoEffect } from './outcome.server.ts';
import { told } from './told.server.ts';
import { wallMs } from './wall-time.ts';

/** Judges the first of two moves. Returns the step when its second move may follow now, null when it waits, asks or ends. */
export async function holdLook(deps: EngineDeps, bound: Bound): Promise<Bound | null> {
  const { claim, action, context } = bound;
  const { step } = claim;
  const move = { plan: step.plan!, captured: step.captured, progress: step.drive.progress, key: '' };
  const held = await action.hold!(context, move);
  context.emit(held.text);
  const drive = { ...step.drive, progress: held.progress };
  if (held.verdict === 'go') return { ...bound, claim: { ...claim, step: { ...step, drive } } };
  if (held.verdict === 'worse') {
    const note = { result: 'refused' as const, text: held.text };
    await recordNoEffect(deps, claim, null, note, { state: 'failed', reason: held.text });
    return null;
  }
  if (held.verdict === 'ask') {
    const { look: _look, ...rest } = drive;
    const asking: Bound = { ...bound, context: { ...context, progress: held.progress } };
    const plan = await makePlan(deps, asking);
    const note = { result: 'refused' as const, text: held.text };
    await recordNoEffect(deps, claim, null, note, { state: 'planned', reason: held.text, drive: rest, plan });
    return null;
  }
  const look = randomUUID();
  await deps.db.transaction().execute(async (tx) => {
    await writeStep(tx, claim, ['running'], { reason: held.text, drive: JSON.stringify({ ...drive, look }) });
    await told(deps, tx, claim.run);
    await deps.send(tx, { runId: claim.run.id, look }, wallMs(deps.clock, held.lookIn));
  });
  return null;
}
