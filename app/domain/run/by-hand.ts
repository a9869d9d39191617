import { may } from '../audit/permission.ts';
import { staysInside } from '../runbook/actions.ts';
import { actsOnOwn, confirmPermission, type Offered, refusal } from './offers.ts';
import type { Run, RunStep } from './run.ts';
import { after } from './transitions.ts';

const over = new Set<RunStep['state']>(['succeeded', 'skipped', 'undone']);

/**
 * Whether somebody may tell of a step that they did it by hand: null where that makes no sense, else why they may not, or
 * `why: null`. It is a record and no act, so that neither the mode nor a refused plan is in its way.
 */
export function handOffer(
  run: Pick<Run, 'state' | 'steps'>,
  step: RunStep,
  actor: Offered,
): { why: string | null } | null {
  if (run.state === 'done' || run.state === 'cancelled') return null;
  const kind = step.plan?.kind ?? step.kind;
  // What is read runs by itself; what is asked of a person, or waited for, is done by hand already.
  if (kind === 'read' || staysInside(step.uses) || after(step.state, 'by-hand') === null) return null;
  const current = run.steps.find(({ state }) => !over.has(state));
  if (current?.id !== step.id) return null;
  if (step.state === 'pending' && step.reason === null) return null;
  if (!may(actor.role, confirmPermission(kind))) return { why: refusal(actor.role) };
  if (actor.role === 'product' && !actsOnOwn(step, actor.flags ?? [])) {
    return { why: 'You may act on flags you own only.' };
  }
  return { why: null };
}
