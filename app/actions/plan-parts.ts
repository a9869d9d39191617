import type { Plan } from '../domain/run/run.ts';
import type { ActionContext, Move, Planned } from './action.ts';

/** A plan with everything unsaid: reads and people fill in little more than a title. */
export function blankPlan(
  context: ActionContext,
  part: Pick<Plan, 'kind' | 'title' | 'confirmLabel'> & Partial<Plan>,
): Plan {
  return {
    action: context.step.uses,
    target: null,
    before: null,
    after: null,
    diff: [],
    preconditions: [],
    needsReason: false,
    expected: '',
    blast: [],
    effect: '',
    effectMs: null,
    undo: null,
    commands: [],
    verify: null,
    readAt: context.now(),
    refused: null,
    ...part,
  };
}

/** A plan that nobody can confirm, with the reason; nothing is captured. */
export function refused(plan: Plan, why: string): Planned {
  return { plan: { ...plan, refused: why }, capture: null };
}

/** How a message of a step is recognised where it cannot carry a key: the same for every try of one attempt. */
export function stepMark({ run, step }: ActionContext, { key }: Pick<Move, 'key'>): string {
  return `(Firebreak ${run.id.slice(0, 8)}/${step.id}/${key.split('/').at(-1)})`;
}
