import { interpolate } from '../runbook/expressions.ts';
import type { Plan } from './run.ts';

/**
 * The flag that a step is about: by its plan, else by what its run was opened with. `given` is what the runbook writes at
 * `flag:`. Null for anything but a flag, and while its name is not known.
 */
export function flagOf(
  step: { uses: string; plan: Pick<Plan, 'target'> | null },
  given: unknown,
  inputs: Record<string, string>,
): string | null {
  if (!step.uses.startsWith('flag.')) return null;
  const target = /^flag\/[^/]+\/(.+)$/.exec(step.plan?.target ?? '');
  if (target) return target[1]!;
  const filled = interpolate(given ?? null, { inputs, steps: {}, incident: null, service: null });
  return filled.ok && typeof filled.value === 'string' ? filled.value : null;
}
