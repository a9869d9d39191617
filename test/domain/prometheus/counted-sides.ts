import type { Sides } from '#app/domain/prometheus/count-minutes.ts';
import { parseSelector, type Selector } from '#app/domain/prometheus/selector.ts';

/** What an SLO counts, of two selectors whose matchers count how often they are tried. */
export function countedSides(total: string, part: string, tried = { matchers: 0 }): { sides: Sides } {
  return { sides: { total: counted(total, tried), part: counted(part, tried), counted: 'bad' } };
}

function counted(text: string, tried: { matchers: number }): Selector {
  const read = parseSelector(text);
  if ('fault' in read) throw new Error(read.fault.message);
  const matchers = read.selector.matchers.map((one) => ({
    ...one,
    matches(value: string) {
      tried.matchers += 1;
      return one.matches(value);
    },
  }));
  return { ...read.selector, matchers };
}
