import type { Action, Applied } from './action.ts';
import { blankPlan } from './plan-parts.ts';

/** `manual`: a person does it and records what came of it, readable as `steps.<id>.outputs.outcome`. */
export function manual(): Action {
  return {
    uses: 'manual',
    recovery: 'idempotent',
    async plan(context) {
      const { ask, outcomes } = context.input;
      const plan = blankPlan(context, {
        kind: 'people',
        title: context.step.title,
        confirmLabel: 'Record the outcome',
        after: { ask, outcomes: outcomes ?? null },
        diff: [{ sign: ' ', text: String(ask) }],
      });
      return { plan, capture: null };
    },
    async apply({ outcome }): Promise<Applied> {
      return { next: 'done', progress: null, evidence: { outcome }, outputs: { outcome } };
    },
    async observe() {
      return { state: 'unknown', text: 'only the person knows' };
    },
  };
}
