import { RE2JS } from 're2js';
import { type Token, tokenize } from './filter-tokens.ts';

/** What a filter is asked about: the value of a field, or undefined where the series has none. */
export type FieldLookup = (field: string) => string | undefined;

/** A parsed filter. `metricTypes` are the types it asks for by equality outside of any NOT. */
export interface Filter {
  matches(lookup: FieldLookup): boolean;
  metricTypes: string[];
}

type Test = (lookup: FieldLookup) => boolean;
type ValueTest = (value: string | undefined) => boolean;

const plainField = /^(metric|resource|project|group|metadata)([.]|$)/;

/**
 * Parses a Cloud Monitoring filter: comparisons with `=`, `!=`, `:` and the functions `one_of`, `starts_with`,
 * `ends_with`, `has_substring`, `monitoring.regex.full_match` (RE2), joined by AND (or nothing), OR and NOT.
 * OR binds closer than AND. Throws with the reason when the text is no such filter.
 */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  const metricTypes: string[] = [];
  let at = 0;
  let negated = 0;

  const peek = (): Token | undefined => tokens[at];
  const fail = (token: Token | undefined): never => {
    throw new Error(
      token ? `syntax error at line 1, column ${token.at + 1}, token '${token.text}'` : 'unexpected end of filter',
    );
  };
  const take = (): Token => tokens[at++] ?? fail(undefined);
  const expect = (op: string) => {
    const token = take();
    if (token.kind !== 'op' || token.text !== op) fail(token);
  };
  const isWord = (word: string) => peek()?.kind === 'word' && peek()?.text === word;

  const conjunction = (): Test => {
    let left = disjunction();
    while (peek() && !(peek()?.kind === 'op' && peek()?.text === ')')) {
      if (isWord('AND')) at++;
      const first = left;
      const second = disjunction();
      left = (lookup) => first(lookup) && second(lookup);
    }
    return left;
  };
  const disjunction = (): Test => {
    let left = unary();
    while (isWord('OR')) {
      at++;
      const first = left;
      const second = unary();
      left = (lookup) => first(lookup) || second(lookup);
    }
    return left;
  };
  const unary = (): Test => {
    if (isWord('NOT')) {
      at++;
      negated++;
      const inner = unary();
      negated--;
      return (lookup) => !inner(lookup);
    }
    const token = peek();
    if (token?.kind === 'op' && token.text === '(') {
      at++;
      const inner = conjunction();
      expect(')');
      return inner;
    }
    return comparison();
  };
  const comparison = (): Test => {
    const field = take();
    if (field.kind !== 'word' || !plainField.test(field.text)) fail(field);
    const name = normalField(field.text);
    const operator = take();
    if (operator.kind !== 'op' || !['=', '!=', ':'].includes(operator.text)) fail(operator);
    const { test, equals } = value(operator.text);
    if (name === 'metric.type' && operator.text === '=' && negated === 0) metricTypes.push(...equals);
    return operator.text === '!=' ? (lookup) => !test(lookup(name)) : (lookup) => test(lookup(name));
  };
  const value = (operator: string): { test: ValueTest; equals: string[] } => {
    const token = take();
    if (token.kind === 'op') fail(token);
    const next = peek();
    if (token.kind === 'word' && next?.kind === 'op' && next.text === '(') {
      at++;
      const args = [take().text];
      while (peek()?.text === ',' && peek()?.kind === 'op') {
        at++;
        args.push(take().text);
      }
      expect(')');
      return call(token.text, args);
    }
    const wanted = token.text;
    if (operator === ':') return { test: (v) => v?.includes(wanted) ?? false, equals: [] };
    return { test: (v) => v === wanted, equals: [wanted] };
  };

  if (tokens.length === 0) return { matches: () => true, metricTypes };
  const test = conjunction();
  if (at < tokens.length) fail(peek());
  return { matches: test, metricTypes };
}

function call(name: string, args: string[]): { test: ValueTest; equals: string[] } {
  const [first = ''] = args;
  if (name === 'one_of') return { test: (v) => v !== undefined && args.includes(v), equals: args };
  if (args.length !== 1) throw new Error(`function '${name}' takes one argument`);
  if (name === 'starts_with') return { test: (v) => v?.startsWith(first) ?? false, equals: [] };
  if (name === 'ends_with') return { test: (v) => v?.endsWith(first) ?? false, equals: [] };
  if (name === 'has_substring') return { test: (v) => v?.includes(first) ?? false, equals: [] };
  if (name === 'monitoring.regex.full_match') {
    const regex = RE2JS.compile(first);
    return { test: (v) => v !== undefined && regex.matches(v), equals: [] };
  }
  throw new Error(`unknown function '${name}'`);
}

/** `metric.labels.x` and `metric.label.x` are the same field: the singular is its normal name. */
export function normalField(field: string): string {
  return field.replace(/^(metric|resource)\.labels\./, '$1.label.');
}
