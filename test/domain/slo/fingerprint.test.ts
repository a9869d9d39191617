import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOf } from '#app/domain/slo/fingerprint.ts';
import type { Indicator } from '#app/domain/slo/slo.ts';

const project = 'studio';
const of = (filter: string) => ({ project, filter });
/** No two of these count the same. */
const all: Indicator[] = [
  { kind: 'ratio', total: of('a'), bad: of('b') },
  { kind: 'ratio', total: of('b'), bad: of('a') },
  { kind: 'ratio', total: of('a b'), bad: of('') },
  { kind: 'ratio', total: of('a'), bad: of('metric.label."class"="5xx"') },
  { kind: 'ratio', total: of('a'), bad: of('metric.label."class"="5 xx"') },
  { kind: 'ratio', total: of('a'), bad: of('metric.label."class"="5  xx"') },
  { kind: 'ratio', total: { project: 'other', filter: 'a' }, bad: of('b') },
  { kind: 'good-ratio', total: of('a'), good: of('b') },
  { kind: 'latency', source: { ...of('a'), min: null, max: 500 } },
  { kind: 'latency', source: { ...of('a'), min: null, max: 800 } },
  { kind: 'latency', source: { ...of('a'), min: 500, max: null } },
  { kind: 'gauge', source: of('a'), op: 'lte', bound: 500 },
  { kind: 'gauge', source: of('a'), op: 'lt', bound: 500 },
  { kind: 'gauge', source: of('a'), op: 'lte', bound: 600 },
  ...(['good', 'bad'] as const).map((counted) => prometheus({ counted })),
  prometheus({ source: 'other' }),
  prometheus({ part: { query: 'a' } }),
  prometheus({ total: { selector: "a{x='1  2'}" } }),
  prometheus({ total: { selector: "a{x='1 2'}" } }),
];

function prometheus(change: Partial<Extract<Indicator, { kind: 'prometheus' }>>): Indicator {
  const [part, total] = [{ selector: 'a' }, { selector: 'b' }];
  return { kind: 'prometheus', counted: 'bad', part, total, source: 'main', url: null, ...change };
}

test('indicators that count something else have other fingerprints', () => {
  expect(new Set(all.map(fingerprintOf)).size).toBe(all.length);
});

test('the layout of a filter, the order of fields and the address of a server change nothing', () => {
  const blank = fc.stringMatching(/^[ \n\t]{1,5}$/);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'b="c  d"', "e='  f'", '"\\"  x"'), { minLength: 1 }),
      blank,
      (parts, gap) => {
        const laidOut = (between: string, around: string): Indicator => ({
          kind: 'ratio',
          total: of(`${around}${parts.join(between)}${around}`),
          bad: of('b'),
        });
        expect(fingerprintOf(laidOut(gap, gap))).toBe(fingerprintOf(laidOut(' ', '')));
      },
    ),
  );
  const { kind, ...rest } = prometheus({ url: 'http://one' }) as Extract<Indicator, { kind: 'prometheus' }>;
  expect(fingerprintOf({ ...rest, url: 'http://two', kind })).toBe(fingerprintOf(prometheus({})));
});
