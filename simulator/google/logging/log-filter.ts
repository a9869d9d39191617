import { RE2JS } from 're2js';
import { type Token, tokenize } from '../monitoring/filter-tokens.ts';
import type { LogEntry } from './log-entry.ts';

/** A parsed logging filter; `from` and `to` are what its timestamps allow at most (ms, inclusive). */
export interface LogFilter {
  matches(entry: LogEntry): boolean;
  from: number;
  to: number;
}

type Test = (entry: LogEntry) => boolean;

const severities = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'];
const comparisons = ['=', '!=', '>', '>=', '<', '<=', ':', '=~', '!~'];

/**
 * Parses a filter of the Logging query language: comparisons, free text, `-`, NOT, OR (closer than AND), AND or nothing.
 * Throws with the reason when the text is no such filter.
 */
export function parseLogFilter(text: string): LogFilter {
  const tokens = tokenize(text);
  let at = 0;
  let from = Number.NEGATIVE_INFINITY;
  let to = Number.POSITIVE_INFINITY;
  // Only a bound that every match must keep narrows the search: not one inside OR, NOT or brackets.
  let loose = 0;

  const peek = (): Token | undefined => tokens[at];
  const fail = (token: Token | undefined): never => {
    throw new Error(
      token
        ? `Unparseable filter: syntax error at line 1, column ${token.at + 1}, token '${token.text}'`
        : 'Unparseable filter: unexpected end',
    );
  };
  const take = (): Token => tokens[at++] ?? fail(undefined);
  const is = (kind: Token['kind'], value: string) => peek()?.kind === kind && peek()?.text === value;

  const conjunction = (): Test => {
    const tests = [disjunction()];
    while (peek() && !is('op', ')')) {
      if (is('word', 'AND')) at++;
      tests.push(disjunction());
    }
    return (entry) => tests.every((test) => test(entry));
  };
  const disjunction = (): Test => {
    const isLoose = followedByOr();
    if (isLoose) loose++;
    const tests = [unary()];
    while (is('word', 'OR')) {
      at++;
      tests.push(unary());
    }
    if (isLoose) loose--;
    return (entry) => tests.some((test) => test(entry));
  };
  const followedByOr = () => tokens.slice(at).some((token) => token.kind === 'word' && token.text === 'OR');
  const unary = (): Test => {
    const negated = is('word', 'NOT');
    if (negated || is('op', '(')) {
      at++;
      loose++;
      const inner = negated ? unary() : conjunction();
      loose--;
      if (negated) return (entry) => !inner(entry);
      const close = take();
      if (close.kind !== 'op' || close.text !== ')') fail(close);
      return inner;
    }
    const token = take();
    if (token.kind === 'op') fail(token);
    if (token.kind === 'word' && token.text.startsWith('-')) {
      const inner = token.text === '-' ? term(take()) : term({ ...token, text: token.text.slice(1) });
      return (entry) => !inner(entry);
    }
    return term(token);
  };
  const term = (token: Token): Test => {
    const next = peek();
    if (token.kind === 'string' || next?.kind !== 'op' || !comparisons.includes(next.text)) return freeText(token.text);
    at++;
    if (is('op', '(')) return listOf(token.text, next.text);
    const value = take();
    if (value.kind === 'op') fail(value);
    if (token.text === 'timestamp' && loose === 0) narrow(next.text, Date.parse(value.text));
    return compare(token.text, next.text, value.text);
  };
  /** `field=("a" OR "b")` */
  const listOf = (field: string, operator: string): Test => {
    at++;
    const tests = [compare(field, operator, take().text)];
    while (is('word', 'OR')) {
      at++;
      tests.push(compare(field, operator, take().text));
    }
    const close = take();
    if (close.kind !== 'op' || close.text !== ')') fail(close);
    return (entry) => tests.some((test) => test(entry));
  };
  const narrow = (operator: string, time: number) => {
    if (operator === '>=' || operator === '>' || operator === '=') from = Math.max(from, time);
    if (operator === '<=' || operator === '<' || operator === '=') to = Math.min(to, time);
  };

  if (tokens.length === 0) return { matches: () => true, from, to };
  const matches = conjunction();
  if (at < tokens.length) fail(peek());
  return { matches, from, to };
}

function compare(field: string, operator: string, wanted: string): Test {
  if (operator === '=~' || operator === '!~') {
    const regex = RE2JS.compile(wanted);
    const hit = (entry: LogEntry) => regex.matcher(String(fieldOf(entry, field) ?? '')).find();
    return operator === '=~' ? hit : (entry) => !hit(entry);
  }
  const rank = rankOf(field);
  const target = rank(wanted);
  return (entry) => {
    const value = fieldOf(entry, field);
    if (value === undefined) return operator === '!=';
    if (operator === ':') return String(value).toLowerCase().includes(wanted.toLowerCase());
    const of = rank(value);
    if (operator === '=') return of === target;
    if (operator === '!=') return of !== target;
    if (typeof of !== typeof target) return false;
    if (operator === '>') return of > target;
    if (operator === '>=') return of >= target;
    return operator === '<' ? of < target : of <= target;
  };
}

/** What the values of a field are compared by: severities by rank, times and numbers as numbers, the rest as text. */
function rankOf(field: string): (value: string | number) => string | number {
  if (field === 'severity')
    return (value) => {
      const rank = severities.indexOf(String(value).toUpperCase());
      if (rank < 0) throw new Error(`Unparseable filter: severity "${value}" is unknown`);
      return rank;
    };
  if (field === 'timestamp')
    return (value) => {
      const time = typeof value === 'number' ? value : Date.parse(value);
      if (Number.isNaN(time)) throw new Error(`Unparseable filter: invalid timestamp "${value}"`);
      return time;
    };
  return (value) => (value !== '' && !Number.isNaN(Number(value)) ? Number(value) : String(value));
}

function fieldOf(entry: LogEntry, path: string): string | number | undefined {
  let value: unknown = entry;
  for (const part of path.replace(/^resource\.label\./, 'resource.labels.').split('.'))
    value = value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[part] : undefined;
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

function freeText(wanted: string): Test {
  const text = wanted.toLowerCase();
  return ({ jsonPayload, httpRequest, resource, labels, trace }) =>
    [
      jsonPayload.message,
      httpRequest.requestUrl,
      trace,
      ...Object.values(resource.labels),
      ...Object.values(labels),
    ].some((value) => value.toLowerCase().includes(text));
}
