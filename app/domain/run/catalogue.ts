import { actionFacts } from '../runbook/actions.ts';
import type { ActionKind } from './run.ts';

/** Kind of an action as far as its input tells, before the world was read; null for a name outside the catalogue. */
export function actionKind(uses: string, input: Record<string, unknown>): ActionKind | null {
  return actionFacts(uses)?.kind(input) ?? null;
}

/**
 * What an action locks, such as `flag/<environment>/<flag>` or `traffic/<service>`; null for reads and people. `service`
 * is the run's, for a step that names none.
 */
export function lockTarget(uses: string, input: Record<string, unknown>, service: string | null): string | null {
  return actionFacts(uses)?.target?.(input, service) ?? null;
}

/** Validates an action's input after its expressions were filled in. Problems are sentences for people. */
export function actionInput(
  uses: string,
  input: unknown,
): { ok: true; input: Record<string, unknown> } | { ok: false; problems: string[] } {
  const facts = actionFacts(uses);
  if (!facts) return { ok: false, problems: [`There is no action ${uses}.`] };
  const result = facts.schema.safeParse(input);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.') || uses}: ${issue.message}.`);
    return { ok: false, problems: problems.map((text) => text.replace(/\.\.$/, '.')) };
  }
  const wrong = facts.contradiction?.(result.data);
  return wrong ? { ok: false, problems: [`${wrong.message} ${wrong.hint}`] } : { ok: true, input: result.data };
}
