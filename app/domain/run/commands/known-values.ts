import { interpolate, type Scope } from '../../runbook/expressions.ts';
import type { RunbookInput } from '../../runbook/runbook.ts';

/** What is known where instructions are written: the values, and how people call the inputs. */
export interface Known {
  scope: Scope;
  inputs: readonly Pick<RunbookInput, 'name' | 'label'>[];
}

/** A place that a person fills in: how it stands in the text, and what belongs there. */
export interface Blank {
  token: string;
  say: string;
}

const expression = /\$\{\{([\s\S]*?)\}\}/g;

/** Nothing is known: every expression is a place to fill in. */
export const nothingKnown: Known = { scope: { inputs: {}, steps: {}, incident: null, service: null }, inputs: [] };

/** A rule that picks while a run is planned: without one, a person does. */
const rule = /^previous-healthy$|^most-recently-changed$/;

/** True of what a person chooses: a place to fill in, or a rule. */
export function isChosen(text: string): boolean {
  return /^\[[^\]]+\]$/.test(text) || rule.test(text);
}

/** Fills each expression of a step's `with` that has a value, and names in brackets those that have none. */
export function fillKnown(
  input: Record<string, unknown>,
  known: Known,
): { input: Record<string, unknown>; blanks: Blank[] } {
  const blanks = new Map<string, Blank>();
  const one = (text: string, inner: string): unknown => {
    const filled = interpolate<unknown>(text, known.scope);
    if (filled.ok && !rule.test(String(filled.value))) return filled.value;
    const blank = blankOf(inner.trim(), known);
    blanks.set(blank.token, blank);
    return blank.token;
  };
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]));
    if (typeof value !== 'string') return value;
    const [first] = [...value.matchAll(expression)];
    // A text that is one expression keeps the type of its value.
    if (first && first[0] === value.trim()) return one(value.trim(), first[1]!);
    return value.replace(expression, (text, inner: string) => String(one(text, inner)));
  };
  return { input: fill(input) as Record<string, unknown>, blanks: [...blanks.values()] };
}

function blankOf(path: string, { inputs }: Known): Blank {
  const [root, first = '', kind, output] = path.split('.');
  if (root === 'inputs') {
    const label = inputs.find(({ name }) => name === first)?.label;
    return {
      token: `[${first}]`,
      say: `In place of [${first}] write the one that you chose${label ? `: ${label}` : ''}.`,
    };
  }
  if (root === 'steps') {
    const token = `[${kind === 'result' ? 'result' : output} of ${first}]`;
    const what = kind === 'result' ? 'what came of' : `the ${output} that you saw at`;
    return { token, say: `In place of ${token} write ${what} the step ${first}.` };
  }
  const token = `[${first} of the ${root}]`;
  return { token, say: `In place of ${token} write the ${root}'s ${first}.` };
}
