import type { ActionContext, Move } from '#app/actions/action.ts';
import type { Plan } from '#app/domain/run/run.ts';
import { ada, catalogOf, stepOf } from '../engine/harness.ts';

/** A context for calling an action by itself: confirmed by Ada, in an incident, at data time 0. */
export function actionContext(uses: string, input: Record<string, unknown>): ActionContext {
  return {
    run: { id: '0123456789abcdef', incidentId: 'burn', service: null, openedBy: ada.email },
    step: stepOf({ id: 'step', uses, with: input }),
    input,
    catalog: catalogOf([]),
    actor: ada,
    outcome: null,
    progress: null,
    now: () => 0,
    speed: () => 1,
    emit: () => undefined,
    signal: new AbortController().signal,
    log: undefined as never,
  };
}

/** The first move of a plan, or the same one again. */
export function moveOf(plan: Plan, part: Partial<Move> = {}): Move {
  return { plan, captured: null, progress: null, key: '0123456789abcdef/step/apply/1', ...part };
}
