import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSelector, selects } from '#app/domain/prometheus/selector.ts';

function found(text: string, name: string, labels: Record<string, string> = {}): boolean {
  const read = parseSelector(text);
  if ('fault' in read) throw new Error(read.fault.message);
  return selects(read.selector, name, labels);
}

describe('selectors', () => {
  test.each([
    ['http_total', 'http_total', {}, true],
    ['http_total', 'http_totals', {}, false],
    ['http_total{code="500"}', 'http_total', { code: '500' }, true],
    ['http_total{code="500"}', 'http_total', { code: '501' }, false],
    ['http_total{code!="500"}', 'http_total', { code: '200' }, true],
    ['http_total{code!="500"}', 'http_total', {}, true],
    // Regular expressions match the whole value.
    ['http_total{code=~"5.."}', 'http_total', { code: '503' }, true],
    ['http_total{code=~"5."}', 'http_total', { code: '503' }, false],
    ['http_total{code=~"5..|429"}', 'http_total', { code: '429' }, true],
    ['http_total{code!~"5..|429"}', 'http_total', { code: '4290' }, true],
    ['http_total{path=~"/a.*"}', 'http_total', { path: '/a\nb' }, true],
    // A missing label is the empty one.
    ['http_total{zone=""}', 'http_total', { code: '200' }, true],
    ['http_total{zone=~".+"}', 'http_total', { code: '200' }, false],
    ['http_total{toString=""}', 'http_total', {}, true],
    ['{__name__="http_total",code="200"}', 'http_total', { code: '200' }, true],
    ['{__name__=~"(http|grpc)_total"}', 'grpc_total', {}, true],
    [' http_total { code = "200" , } ', 'http_total', { code: '200' }, true],
    ["http_total{path='a\"b'}", 'http_total', { path: 'a"b' }, true],
    ['http_total{path="a\\"b\\\\\\n"}', 'http_total', { path: 'a"b\\\n' }, true],
    ['http_total{path=`a\\d`}', 'http_total', { path: 'a\\d' }, true],
    ['http_total{path="\\u00e4\\x41\\101"}', 'http_total', { path: 'äAA' }, true],
    ['job:http:rate{}', 'job:http:rate', {}, true],
  ] as const)('%s finds %s%j: %s', (text, name, labels, expected) => {
    expect(found(text, name, labels)).toBe(expected);
  });

  test.each([
    ['', 'empty', 0],
    ['{}', 'empty', 0],
    ['http_total{', 'not closed', 11],
    ['http_total{code}', 'After label "code"', 15],
    ['http_total{code=500}', 'quotes', 16],
    ['http_total{code="500}', 'quote is not closed', 16],
    ['http_total{code="\\d"}', 'not an escape', 17],
    ['http_total{code="5" path="6"}', 'comma', 20],
    ['http_total{code=~"("}', 'RE2', 17],
    ['http_total offset 5m', '"offset 5m" does not belong', 11],
    ['sum(http_total)', '"sum" is a function', 3],
    ['http_total{__name__="x"}', 'named twice', 11],
    ['{code!="500"}', 'every series', 0],
    ['5xx_total', '"5xx_total" does not belong', 0],
  ])('%s is refused', (text, message, at) => {
    expect(parseSelector(text)).toMatchObject({ fault: { message: expect.stringContaining(message), at } });
  });

  test('any text is read or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (name, value) => {
        parseSelector(name);
        parseSelector(`x{a=~${JSON.stringify(value)}}`);
        parseSelector(`x{${name}="${value}"`);
      }),
    );
  });

  test('any value that is written with its escapes is found', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const quoted = value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
        expect(found(`x{a="${quoted}"}`, 'x', { a: value })).toBe(true);
      }),
    );
  });
});
