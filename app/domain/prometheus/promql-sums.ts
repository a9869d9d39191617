import { parseSelector } from './selector.ts';

/** An error ratio as selectors of counters; `part` counts the good or the bad events among `total`. */
export interface CounterRatio {
  counted: 'good' | 'bad';
  part: string;
  total: string;
}

/** The counters behind a query of errors and one of all events; null when either is more than a sum of increases. */
export function countersOf(errors: string, total: string): CounterRatio | null {
  const all = sumOf(total);
  if (!all) return null;
  const bad = sumOf(errors);
  if (bad) return bad.by === all.by ? { counted: 'bad', part: bad.selector, total: all.selector } : null;
  // The way to count slow requests: all of them less the fast ones.
  const [whole, good, ...more] = operands(errors, '-').map(sumOf);
  if (!whole || !good || more.length > 0 || whole.selector !== all.selector) return null;
  return good.by === all.by && whole.by === all.by
    ? { counted: 'good', part: good.selector, total: all.selector }
    : null;
}

/** The counters behind a query of an error ratio: errors over total, or one less good over total. */
export function countersOfRatio(ratio: string): CounterRatio | null {
  const [errors, total, ...more] = operands(ratio, '/');
  if (errors !== undefined && total !== undefined && more.length === 0) {
    const found = countersOf(errors, total);
    if (found) return found;
  }
  const [one, rest, ...others] = operands(ratio, '-');
  if (one !== '1' || rest === undefined || others.length > 0) return null;
  const inverse = countersOfRatio(rest);
  return inverse?.counted === 'bad' ? { ...inverse, counted: 'good' } : null;
}

/** `sum(rate(selector[{{.window}}]))` or with increase, perhaps in brackets and `or vector(0)`; null for anything else. */
function sumOf(query: string | undefined): { selector: string; by: string } | null {
  if (query === undefined) return null;
  const text = bare(query)
    .replace(/\s+or\s+(?:on\s*\(\s*\)\s*)?vector\s*\(\s*0\s*\)$/i, '')
    .trim();
  const match = /^sum\s*\(\s*(rate|increase)\s*\((.*)\[\s*\{\{\s*\.window\s*\}\}\s*\]\s*\)\s*\)$/s.exec(bare(text));
  const selector = match?.[2]?.trim();
  if (!match || !selector || 'fault' in parseSelector(selector)) return null;
  return { selector, by: match[1]! };
}

/** Without white space and brackets around the whole. */
function bare(text: string): string {
  let inner = text.trim();
  while (inner.startsWith('(') && closing(inner) === inner.length - 1) inner = inner.slice(1, -1).trim();
  return inner;
}

/** Where the bracket that opens a text closes; -1 when it does not. */
function closing(text: string): number {
  let end = -1;
  scan(text, (at, depth, character) => {
    if (end < 0 && depth === 0 && character === ')') end = at;
  });
  return end;
}

/** The parts of an expression between an operator outside of all brackets and quotes. */
function operands(text: string, operator: string): string[] {
  const whole = bare(text);
  const parts: string[] = [];
  let from = 0;
  scan(whole, (at, depth, character) => {
    if (depth !== 0 || character !== operator) return;
    parts.push(whole.slice(from, at).trim());
    from = at + 1;
  });
  return [...parts, whole.slice(from).trim()];
}

/** Visits every character outside of quotes with the depth of brackets after it. */
function scan(text: string, visit: (at: number, depth: number, character: string) => void): void {
  let depth = 0;
  let quote: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (quote !== null) {
      if (character === '\\' && quote !== '`') at++;
      else if (character === quote) quote = null;
      continue;
    }
    if (character === '"' || character === "'" || character === '`') quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    visit(at, depth, character);
  }
}
