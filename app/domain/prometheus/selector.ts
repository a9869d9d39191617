import { RE2JS } from 're2js';
import { readLabelValue } from './quoted.ts';

/** Labels of a series, without its name. */
export type Labels = Readonly<Record<string, string>>;

/** One condition of a selector; the metric's name is the label `__name__`. */
export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
  matches(text: string): boolean;
}

/** A Prometheus instant selector such as `http_requests_total{code=~"5.."}`. */
export interface Selector {
  text: string;
  /** The name it asks for by equality; null when it asks by a pattern or not at all. */
  metric: string | null;
  matchers: readonly Matcher[];
}

/** What is wrong with a selector; `at` is the 0-based place in its text. */
export interface SelectorFault {
  message: string;
  hint: string | null;
  at: number;
}

const nameStart = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
const labelName = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const operator = /=~|!~|!=|=/y;

/**
 * Reads a selector: a name, matchers in braces, or both. Regular expressions are RE2 and must match the whole value, as
 * in Prometheus. Never throws. Grammar: https://prometheus.io/docs/prometheus/latest/querying/basics/
 */
export function parseSelector(text: string): { selector: Selector } | { fault: SelectorFault } {
  const matchers: Matcher[] = [];
  const fault = (at: number, message: string, hint: string | null = null) => ({ fault: { message, hint, at } });
  let at = 0;
  const skip = () => {
    while (/\s/.test(text[at] ?? '')) at++;
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  skip();
  const start = at;
  const name = take(nameStart);
  if (name !== null) matchers.push({ label: '__name__', op: '=', value: name, matches: (value) => value === name });
  skip();
  if (text[at] === '{') {
    at++;
    for (;;) {
      skip();
      if (text[at] === '}') break;
      if (at >= text.length) return fault(at, 'The "{" of the selector is not closed.', 'Write "}" at its end.');
      const place = at;
      const label = take(labelName);
      if (label === null) return fault(at, `A label name is expected, not "${text[at]}".`, 'Write {label="value"}.');
      skip();
      const op = take(operator) as Matcher['op'] | null;
      if (op === null) return fault(at, `After label "${label}" comes one of =, !=, =~, !~.`);
      skip();
      const value = readLabelValue(text, at);
      if ('fault' in value) return fault(value.at, value.fault, `Write ${label}${op}"value".`);
      if (label === '__name__' && name !== null && op === '=')
        return fault(place, `The metric is named twice: before the braces and by __name__.`, 'Keep one of the two.');
      const matches = matcherOf(op, value.text);
      if (matches === null) return fault(at, `"${value.text}" is not a regular expression of RE2.`);
      matchers.push({ label, op, value: value.text, matches });
      at = value.end;
      skip();
      if (text[at] === ',') at++;
      else if (text[at] !== '}') return fault(at, 'Between two matchers stands a comma.');
    }
    at++;
    skip();
  }
  if (at < text.length) return fault(at, trailing(text, at, start), functionHint(text));
  if (matchers.length === 0)
    return fault(0, 'The selector is empty.', 'Write the name of a counter, such as http_requests_total.');
  if (matchers.every(({ matches }) => matches('')))
    return fault(start, 'The selector would match every series there is.', 'Name the counter.');
  return { selector: { text, metric: metricOf(matchers), matchers } };
}

/** True when a series satisfies every matcher. A missing label equals "". */
export function selects({ matchers }: Selector, name: string, labels: Labels): boolean {
  return matchers.every(({ label, matches }) => matches(labelValue(label, name, labels)));
}

/** What a matcher of this label sees of a series. */
export function labelValue(label: string, name: string, labels: Labels): string {
  if (label === '__name__') return name;
  return Object.hasOwn(labels, label) ? labels[label]! : '';
}

function matcherOf(op: Matcher['op'], wanted: string): Matcher['matches'] | null {
  if (op === '=') return (value) => value === wanted;
  if (op === '!=') return (value) => value !== wanted;
  try {
    const pattern = RE2JS.compile(wanted, RE2JS.DOTALL);
    const whole = (value: string) => pattern.matcher(value).matches();
    return op === '=~' ? whole : (value) => !whole(value);
  } catch {
    return null;
  }
}

function metricOf(matchers: readonly Matcher[]): string | null {
  return matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value ?? null;
}

function trailing(text: string, at: number, start: number): string {
  if (text[at] === '[') return 'A selector has no range: Firebreak chooses the windows.';
  if (text[at] === '(')
    return `"${text.slice(start, at).trim()}" is a function; here stands a plain selector of counters.`;
  return `"${text.slice(at, at + 20)}" does not belong to a selector.`;
}

function functionHint(text: string): string | null {
  return /[([]/.test(text) ? 'Write the counter alone, such as http_requests_total{code=~"5.."}.' : null;
}
