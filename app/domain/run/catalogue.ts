import { type ActionName, actionFacts, actions } from '../runbook/actions.ts';
import type { ActionKind } from './run.ts';

const kinds: Record<ActionName, (input: Record<string, unknown>) => ActionKind> = {
  'slo.check': () => 'read',
  'flag.kill': () => 'stop',
  'flag.restore': () => 'forward',
  // The plan decides in the end: a revision that never carried traffic makes it a forward change too.
  'cloudrun.traffic': (input) => (String(input.to).toUpperCase() === 'LATEST' ? 'forward' : 'stop'),
  manual: () => 'people',
  'pagerduty.note': () => 'people',
  'pagerduty.acknowledge': () => 'people',
};

/** Kind of an action as far as its input tells, before the world was read; null for a name outside the catalogue. */
export function actionKind(uses: string, input: Record<string, unknown>): ActionKind | null {
  return Object.hasOwn(kinds, uses) ? kinds[uses as ActionName](input) : null;
}

/**
 * What an action locks: `flag/<environment>/<flag>` or `traffic/<service>`; null for reads and people. `service` is the
 * run's, for a `cloudrun.traffic` that names none.
 */
export function lockTarget(uses: string, input: Record<string, unknown>, service: string | null): string | null {
  if (uses === 'flag.kill' || uses === 'flag.restore') return `flag/${input.environment}/${input.flag}`;
  if (uses === 'cloudrun.traffic') return `traffic/${input.service ?? service}`;
  return null;
}

/** Validates an action's input after its expressions were filled in. Problems are sentences for people. */
export function actionInput(
  uses: string,
  input: unknown,
): { ok: true; input: Record<string, unknown> } | { ok: false; problems: string[] } {
  if (!actionFacts(uses)) return { ok: false, problems: [`There is no action ${uses}.`] };
  const result = actions[uses as ActionName].schema.safeParse(input);
  if (result.success) return { ok: true, input: result.data };
  return {
    ok: false,
    problems: result.error.issues.map((issue) => `${issue.path.join('.') || uses}: ${issue.message}.`),
  };
}
