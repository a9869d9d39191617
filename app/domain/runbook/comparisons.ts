import { didYouMean } from '../yaml/nearest.ts';
import { actionFacts } from './actions.ts';
import type { Expression } from './expression-syntax.ts';
import type { StepDefinition } from './runbook.ts';

/** All that verification can find. */
const results = ['improved', 'not_improved', 'worse', 'no_data', 'none'] as const;

/** A comparison that can never hold, at its place in the text. */
export interface NeverHolds {
  at: number;
  message: string;
  hint: string | null;
}

/**
 * What a comparison of a step's result or output compares it with, that it can never be: a branch that nobody would ever
 * take. `earlier` are the steps that stand above; steps and outputs that do not exist are reported elsewhere.
 */
export function neverHolds(expression: Expression, earlier: ReadonlyMap<string, StepDefinition>): NeverHolds[] {
  if (expression.kind !== 'compare' && expression.kind !== 'in') return [];
  const { left } = expression;
  if (left.kind !== 'lookup') return [];
  const values = valuesOf(left.path, earlier);
  if (!values) return [];
  const compared = expression.kind === 'in' ? expression.options : [expression.right];
  return compared.flatMap((one) => {
    if (one.kind !== 'literal' || one.value === null || values.includes(String(one.value))) return [];
    const text = String(one.value);
    const message = `"${text}" is never what ${left.path.join('.')} is: ${values.join(', ')}.`;
    return [{ at: left.at, message, hint: didYouMean(text, values) }];
  });
}

/** All that a look-up of a step can be; null where that is not known. */
function valuesOf(path: readonly string[], earlier: ReadonlyMap<string, StepDefinition>): readonly string[] | null {
  const [root, id, kind, output, ...rest] = path;
  const step = root === 'steps' && rest.length === 0 ? earlier.get(id ?? '') : undefined;
  if (!step) return null;
  if (kind === 'result') return output === undefined ? results : null;
  return actionFacts(step.uses)?.answers?.(step.with)[output ?? ''] ?? null;
}
