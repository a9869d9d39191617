import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSelector, type Selector, selects } from '#app/domain/prometheus/selector.ts';
import { sharedSelector } from '#app/domain/prometheus/shared-selector.ts';

function selector(text: string): Selector {
  const read = parseSelector(text);
  if ('fault' in read) throw new Error(`${text}: ${read.fault.message}`);
  return read.selector;
}

test.each([
  [['x_total{job="a"}'], 'x_total{job="a"}'],
  [['x_total', 'x_total{code=~"5.."}'], 'x_total'],
  [['x_total{job="a"}', 'x_total{job="a",code=~"5.."}'], 'x_total{job="a"}'],
  [['x_total{job="b",code!="4"}', 'x_total{job="a",code!="4"}'], 'x_total{code!="4",job=~"a|b"}'],
  [['x_total{path="/a.b"}', 'x_total{path="/a+\\"c"}'], 'x_total{path=~"/a\\\\+\\"c|/a\\\\.b"}'],
  [['{__name__="x:y",job="a"}', 'x:y{job="a"}'], 'x:y{job="a"}'],
  [['x_total{job="a"}', 'x_total{job=~"a"}'], 'x_total'],
])('%j → %s', (texts, expected) => {
  expect(sharedSelector(texts.map(selector))).toBe(expected);
});

test('finds whatever any of them finds', () => {
  const value = fc.constantFrom('', 'a', 'b', '5.', 'a|b', 'x"y', '\\d');
  const matcher = fc.record({ label: fc.constantFrom('job', 'code', 'pod'), op: fc.constantFrom('=', '!='), value });
  const one = fc
    .uniqueArray(matcher, { maxLength: 3, selector: ({ label }) => label })
    .map((all) => `x{${all.map(({ label, op, value }) => `${label}${op}${JSON.stringify(value)}`).join(',')}}`);
  const labels = fc.dictionary(fc.constantFrom('job', 'code', 'pod'), value);
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), fc.array(labels, { maxLength: 10 }), (texts, all) => {
      const parts = texts.map(selector);
      const shared = selector(sharedSelector(parts));
      for (const own of all)
        if (parts.some((part) => selects(part, 'x', own))) expect(selects(shared, 'x', own)).toBe(true);
    }),
  );
});
