import { type Expression, type Lookup, parseExpression, parseTemplate } from './expression-syntax.ts';

/**
 * What expressions may look up. `steps` holds only steps that have ended (or been skipped), by id; `incident` is null for
 * a run without one. Names readable are those of `incidentNames` and `serviceNames`.
 */
export interface Scope {
  inputs: Record<string, unknown>;
  steps: Record<string, { result: string; outputs: Record<string, unknown> }>;
  incident: Record<string, unknown> | null;
  service: Record<string, unknown> | null;
}

/** What `incident.<name>` may be; all text, or null when unknown. */
export const incidentNames = ['id', 'title', 'service', 'slo', 'tier'] as const;
/** What `service.<name>` may be. */
export const serviceNames = ['id', 'title', 'owner', 'project', 'region'] as const;

/** What a step's `when` says now: act, pass it over, or wait for a step that has not ended. `why` is a sentence for people. */
export interface WhenAnswer {
  state: 'met' | 'not-met' | 'not-yet' | 'error';
  why: string;
}

/** Evaluates a `when`; a bare look-up is met when its value is true (or the text "true"). */
export function evaluateWhen(when: string, scope: Scope): WhenAnswer {
  const parsed = parseExpression(withoutBraces(when));
  if (!parsed.ok) return { state: 'error', why: `The condition cannot be read: ${parsed.message}` };
  const expression = parsed.value;
  const result = evaluate(expression, scope);
  if (result.state === 'not-yet') return { state: 'not-yet', why: `Waits for the step ${result.step}.` };
  if (result.state === 'missing')
    return { state: 'error', why: `The condition looks up ${result.name}, which does not exist.` };
  const met = result.value === true || result.value === 'true';
  return { state: met ? 'met' : 'not-met', why: reason(expression, scope, met) };
}

/** `when` may be written bare or inside `${{ … }}`; this is the bare form, of the same offsets. */
export function withoutBraces(when: string): string {
  const wrapped = /^(\s*\$\{\{)([\s\S]*)\}\}\s*$/.exec(when);
  return wrapped ? ' '.repeat(wrapped[1]!.length) + wrapped[2]! : when;
}

/** Fills the expressions in every text of `value`, deeply. A text that is one expression keeps the type of its value. */
export function interpolate<T>(value: T, scope: Scope): { ok: true; value: T } | { ok: false; problems: string[] } {
  const problems: string[] = [];
  const filled = fill(value, scope, problems);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: filled as T };
}

function fill(value: unknown, scope: Scope, problems: string[]): unknown {
  if (typeof value === 'string') return value.includes('${{') ? fillText(value, scope, problems) : value;
  if (Array.isArray(value)) return value.map((item) => fill(item, scope, problems));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, scope, problems)]));
}

function fillText(text: string, scope: Scope, problems: string[]): unknown {
  const parsed = parseTemplate(text);
  if (!parsed.ok) {
    problems.push(parsed.message);
    return null;
  }
  const parts = parsed.value.map((part) => {
    if (typeof part === 'string') return part;
    const result = evaluate(part, scope);
    if (result.state === 'value' && result.value !== null && result.value !== undefined) return result.value;
    if (result.state === 'not-yet') problems.push(`The step ${result.step} has not ended.`);
    else problems.push(noValue(result.state === 'missing' ? result.name : text.slice(0, 100)));
    return '';
  });
  return parts.length === 1 ? parts[0] : parts.map(String).join('');
}

/** An input whose rule found nothing: no flag moved, no earlier revision. */
function noValue(name: string): string {
  const input = /^inputs\.(.+)$/.exec(name)?.[1];
  return input
    ? `Nothing was found for the input “${input}”: skip this step, or open the runbook anew and name one.`
    : `${name} has no value.`;
}

type Evaluation =
  | { state: 'value'; value: unknown }
  | { state: 'missing'; name: string }
  | { state: 'not-yet'; step: string };

function evaluate(expression: Expression, scope: Scope): Evaluation {
  switch (expression.kind) {
    case 'literal':
      return { state: 'value', value: expression.value };
    case 'lookup':
      return lookUp(expression, scope);
    case 'compare': {
      const left = evaluate(expression.left, scope);
      const right = evaluate(expression.right, scope);
      if (left.state !== 'value') return left;
      if (right.state !== 'value') return right;
      return { state: 'value', value: same(left.value, right.value) === expression.equal };
    }
    case 'in': {
      const left = evaluate(expression.left, scope);
      if (left.state !== 'value') return left;
      for (const option of expression.options) {
        const right = evaluate(option, scope);
        if (right.state !== 'value') return right;
        if (same(left.value, right.value)) return { state: 'value', value: true };
      }
      return { state: 'value', value: false };
    }
  }
}

function lookUp({ path }: Lookup, scope: Scope): Evaluation {
  const [root, first, ...rest] = path as [keyof Scope, string, ...string[]];
  const missing: Evaluation = { state: 'missing', name: path.join('.') };
  if (root === 'steps') {
    if (!Object.hasOwn(scope.steps, first)) return { state: 'not-yet', step: first };
    const step = scope.steps[first]!;
    if (rest.length === 1 && rest[0] === 'result') return { state: 'value', value: step.result };
    if (rest[0] !== 'outputs' || rest.length !== 2) return missing;
    // A step that was skipped has no outputs: comparing with them is simply not equal.
    return { state: 'value', value: Object.hasOwn(step.outputs, rest[1]!) ? step.outputs[rest[1]!] : null };
  }
  if (rest.length > 0) return missing;
  const values = scope[root];
  if (values === null) return { state: 'value', value: null };
  return Object.hasOwn(values, first) ? { state: 'value', value: values[first] } : missing;
}

/** Inputs are text whatever was typed, so 5 equals "5" and true equals "true"; null equals only null. */
function same(left: unknown, right: unknown): boolean {
  if (left === null || left === undefined || right === null || right === undefined)
    return (left ?? null) === (right ?? null);
  return String(left) === String(right);
}

function reason(expression: Expression, scope: Scope, met: boolean): string {
  if (expression.kind === 'compare') {
    const asked = `${expression.equal ? '' : 'anything but '}${shown(expression.right, scope)}`;
    return sentence(expression.left, scope, asked, met);
  }
  if (expression.kind === 'in') {
    return sentence(expression.left, scope, expression.options.map((option) => shown(option, scope)).join(' or '), met);
  }
  return sentence(expression, scope, 'true', met);
}

function sentence(left: Expression, scope: Scope, asked: string, met: boolean): string {
  const what = named(left);
  const is = shown(left, scope);
  return met ? `${capital(what)} is ${is}.` : `${capital(what)} is ${is}; this step is for ${asked}.`;
}

function named(expression: Expression): string {
  if (expression.kind !== 'lookup') return 'the condition';
  const [root, first, kind, output] = expression.path;
  if (root === 'steps') return kind === 'result' ? `the result of ${first}` : `the ${output} of ${first}`;
  return root === 'inputs' ? `the input ${first}` : `the ${root}'s ${first}`;
}

function shown(expression: Expression, scope: Scope): string {
  const result = evaluate(expression, scope);
  const value = result.state === 'value' ? result.value : null;
  return value === null || value === undefined ? 'unknown' : `“${String(value).replaceAll('_', ' ')}”`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
