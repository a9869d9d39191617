import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openMetricsReader } from '#app/domain/openmetrics/reader.ts';
import { orderSamples } from '#app/domain/openmetrics/samples.ts';

/** What is read of a text, given in pieces of `size` characters. */
function read(text: string, size = text.length || 1, wanted = (_name: string) => true) {
  const reader = openMetricsReader('a.om', wanted);
  for (let at = 0; at < text.length; at += size) if (!reader.push(text.slice(at, at + size))) break;
  const { series, problems, names } = reader.end();
  return {
    names: [...names],
    problems: problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
    series: series.map(({ name, labels, samples, created }) => ({
      name,
      labels: { ...labels },
      created,
      readings: [...orderSamples(samples).times].map((time, i) => [time, orderSamples(samples).values[i]]),
    })),
  };
}

const full = [
  '# HELP http_requests All requests, with "quotes" and \\\\.',
  '# TYPE http_requests counter',
  '# UNIT http_requests requests',
  'http_requests_total{path="/a\\"b\\\\c\\nd}",code="200"} 1027 1763251200.5 # {trace_id="a} b"} 0.67 1763251199',
  'http_requests_created{path="/a\\"b\\\\c\\nd}",code="200"} 1763251000.25 1763251200.5',
  'http_requests_total{code="200",path="/a\\"b\\\\c\\nd}"} 1.030e+03 1763251260',
  'up_total 1 1763251200',
  'odd_total{} 2 1763251200',
  'odd_total{a="",} 3.5 1763251200',
  '# TYPE seconds histogram',
  'seconds_bucket{le="0.5"} 3 1763251200',
  'seconds_count 4 1763251200',
  '# TYPE depth gauge',
  '# EOF',
  '',
].join('\n');

describe('OpenMetrics text', () => {
  test('gives counters with labels, readings in ms and their creation', () => {
    const { series, problems } = read(full, full.length, (name) => name !== 'depth');
    expect(problems).toEqual([]);
    expect(series).toEqual([
      {
        name: 'http_requests_total',
        labels: { path: '/a"b\\c\nd}', code: '200' },
        created: [1_763_251_000_250],
        readings: [
          [1_763_251_200_500, 1027],
          [1_763_251_260_000, 1030],
        ],
      },
      { name: 'up_total', labels: {}, created: [], readings: [[1_763_251_200_000, 1]] },
      { name: 'odd_total', labels: {}, created: [], readings: [[1_763_251_200_000, 2]] },
      { name: 'odd_total', labels: { a: '' }, created: [], readings: [[1_763_251_200_000, 3.5]] },
      { name: 'seconds_bucket', labels: { le: '0.5' }, created: [], readings: [[1_763_251_200_000, 3]] },
      { name: 'seconds_count', labels: {}, created: [], readings: [[1_763_251_200_000, 4]] },
    ]);
  });

  test('reads the same in pieces of any size, and with CRLF and a byte order mark', () => {
    const whole = read(full);
    for (const size of [1, 2, 3, 7, 64]) expect(read(full, size)).toEqual(whole);
    expect(read(`\ufeff${full.replaceAll('\n', '\r\n')}`, 5)).toEqual(whole);
  });

  test('a mark of staleness is no reading, and of several at one instant the largest counts in any order', () => {
    const lines = ['x_total 5 60', 'x_total NaN 120', 'x_total 9 180', 'x_total 7 180', 'x_total 3 30'];
    const expected = [
      [30_000, 3],
      [60_000, 5],
      [180_000, 9],
    ];
    for (const text of [lines, [...lines].reverse()])
      expect(read(`${text.join('\n')}\n# EOF`).series[0]!.readings).toEqual(expected);
  });

  test('what nobody wants is not kept, but is still text', () => {
    const wanted = (name: string) => name === 'b_total';
    expect(read('a_total 1 60\nb_total 1 60\n# EOF\n', 99, wanted)).toMatchObject({
      names: ['a_total', 'b_total'],
      series: [{ name: 'b_total' }],
    });
    expect(read('a_total x 60\n# EOF\n', 99, wanted).problems).toEqual(['1:9 A number is expected, not "x".']);
  });

  test.each([
    ['x_total 1 60\n', '2:1 The text does not end with "# EOF": it may have been cut off.'],
    ['', '1:1 The text does not end with "# EOF": it may have been cut off.'],
    ['# EOF\nx_total 1 60\n', '2:1 Text follows "# EOF".'],
    ['x_total 1\n# EOF', '1:10 The sample has no timestamp.'],
    ['x_total\n# EOF', '1:8 A number is expected, not "".'],
    ['x_total 0x10 60\n# EOF', '1:9 A number is expected, not "0x10".'],
    ['x_total 1_000 60\n# EOF', '1:9 A number is expected, not "1_000".'],
    ['x_total -1 60\n# EOF', '1:9 A counter is never negative.'],
    ['x_total +Inf 60\n# EOF', '1:9 A counter is never infinite.'],
    ['x_total 1 soon\n# EOF', '1:11 "soon" is not a time.'],
    ['x_total 1 NaN\n# EOF', '1:11 "NaN" is not a time.'],
    ['x_total 1 1763251200000\n# EOF', '1:11 1763251200000 s lies after the year 5000.'],
    ['x_total 1 60 more\n# EOF', '1:14 "more" is left over.'],
    ['5xx_total 1 60\n# EOF', '1:1 "5xx_total" is not the name of a metric.'],
    ['x_total{a="b" 1 60\n# EOF', '1:8 The labels are not closed.'],
    ['x_total{a=b} 1 60\n# EOF', '1:10 After label "a" comes ="value".'],
    ['x_total{a="b",a="c"} 1 60\n# EOF', '1:15 Label "a" stands here twice.'],
    ['x_total{a="\\d"} 1 60\n# EOF', '1:12 "\\d" is not an escape.'],
    ['x_total{a="b"c="d"} 1 60\n# EOF', '1:14 Between two labels stands a comma.'],
    ['x_total{5="b"} 1 60\n# EOF', '1:9 A label name is expected.'],
    ['x_total{a="b"}1 60\n# EOF', '1:16 A number is expected'],
    ['# TYPE x conter\n# EOF', '1:10 "conter" is not a type.'],
    ['# TYPE x\n# EOF', '1:10 A name and a type are missing.'],
    ['# TYPE x counter\n# TYPE x gauge\n# EOF', '2:8 "x" was declared a counter before.'],
    ['# TYPE x gauge\nx 1 60\n# EOF', '2:1 "x" is a gauge, and events are counted by counters.'],
  ])('%j is refused', (text, expected) => {
    expect(read(text).problems.join('\n')).toContain(expected);
  });

  test('stops after twenty problems, and at a line without end', () => {
    expect(read('x\n'.repeat(1000)).problems).toHaveLength(20);
    expect(read('x'.repeat(2_000_000), 1 << 16).problems).toEqual([
      '1:1 The line is longer than a million characters.',
    ]);
  });

  test('any text is read or refused, never thrown at', () => {
    const piece = fc.constantFrom(
      'x_total',
      '{',
      '}',
      'a="b"',
      '"',
      '\\',
      ',',
      ' ',
      '1',
      '60',
      '\n',
      '# EOF',
      '# TYPE x counter',
      '# {',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary' })), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (pieces, size) => {
          const text = pieces.join('');
          expect(read(text, size)).toEqual(read(text));
        },
      ),
    );
  });

  test('labels of any characters come back as they were', () => {
    const label = fc.tuple(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/), fc.string({ unit: 'grapheme' }));
    fc.assert(
      fc.property(fc.uniqueArray(label, { selector: ([name]) => name, maxLength: 5 }), (labels) => {
        const escaped = (value: string) => value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`));
        const text = labels.map(([name, value]) => `${name}="${escaped(value)}"`).join(',');
        const { series, problems } = read(`x_total{${text}} 1 60\n# EOF`);
        expect(problems).toEqual([]);
        expect(series[0]!.labels).toEqual(Object.fromEntries(labels));
      }),
    );
  });
});
