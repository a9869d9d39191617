import type { Attempt } from './attempts.server.ts';
import type { Bound } from './context.server.ts';
import type { EngineDeps } from './deps.ts';
import type { HookPoint } from './port.ts';

/** A named point around a step's effect, for tests that stop or kill the process there; `attempt` is null before its intent, and for a read. */
export async function at(deps: EngineDeps, bound: Bound, point: HookPoint, attempt: Attempt | null): Promise<void> {
  if (!deps.hooks) return;
  const { run, step } = bound.claim;
  const direction = step.drive.direction ?? 'apply';
  await deps.hooks.at(point, { runId: run.id, stepId: step.step_id, direction, key: attempt?.key ?? null });
}
