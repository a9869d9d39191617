import type { Matcher, Selector } from './selector.ts';

/** A pattern of more values than this is longer than a server likes to read; then all values are asked for. */
const mostValues = 1_000;

/**
 * A selector that finds whatever any of these finds, and little more: what all of them ask for, and of a label that each
 * asks for by equality one of the values. They name the same metric, or there is only one.
 */
export function sharedSelector(selectors: readonly Selector[]): string {
  const [first, ...others] = selectors;
  if (!first || others.every(({ text }) => text === first.text)) return first?.text.trim() ?? '';
  const same = (a: Matcher) => (b: Matcher) => a.label === b.label && a.op === b.op && a.value === b.value;
  const common = first.matchers.filter((one) => others.every(({ matchers }) => matchers.some(same(one))));
  const fixed = common
    .filter(({ label }) => label !== '__name__')
    .map(({ label, op, value }) => `${label}${op}${quoted(value)}`);
  const labels = new Set(first.matchers.filter(({ op }) => op === '=').map(({ label }) => label));
  for (const label of labels) {
    const asked = selectors.map(({ matchers }) => matchers.find((one) => one.label === label && one.op === '='));
    const values = new Set(asked.map((one) => one?.value));
    if (values.has(undefined) || values.size === 1 || values.size > mostValues) continue;
    fixed.push(
      `${label}=~${quoted(
        [...values]
          .map((value) => literal(value!))
          .sort()
          .join('|'),
      )}`,
    );
  }
  const name = first.metric ?? '';
  const plain = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name);
  const inside = [...(plain ? [] : [`__name__=${quoted(name)}`]), ...fixed].join(',');
  return `${plain ? name : ''}${inside === '' ? '' : `{${inside}}`}`;
}

function literal(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** A string of PromQL; JSON's escapes are among its own. */
function quoted(value: string): string {
  return JSON.stringify(value);
}
