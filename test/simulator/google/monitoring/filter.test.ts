import { expect, test } from 'vitest';
import { parseFilter } from '#simulator/google/monitoring/filter.ts';

const series: Record<string, string> = {
  'metric.type': 'requests',
  'resource.type': 'cloud_run_revision',
  'metric.label.code': '502',
  'metric.label.path name': '/v1/a "b"',
  'resource.label.service_name': 'voice-over',
};
const matches = (filter: string) => parseFilter(filter).matches((field) => series[field]);

test.each([
  ['metric.type="requests" resource.type="cloud_run_revision"', true],
  ['metric.type = "requests" AND metric.labels.code = 502', true],
  ['metric.type="requests" metric.label."code"!="502"', false],
  ['metric.label.missing!="x"', true],
  ['metric.label.missing="x"', false],
  ['metric.label.code=one_of("500", "502")', true],
  ['metric.label.code=starts_with("50")', true],
  ['metric.label.code=ends_with("00")', false],
  ['resource.label.service_name=has_substring("ce-ov")', true],
  ['resource.label.service_name:"over"', true],
  ['metric.label.code=monitoring.regex.full_match("5..")', true],
  ['metric.label.code=monitoring.regex.full_match("5")', false],
  ['metric.label."path name"="/v1/a \\"b\\""', true],
  ['NOT metric.label.code="200"', true],
  ['NOT (metric.label.code="502" resource.type="cloud_run_revision")', false],
  // OR binds closer than AND: this is (no OR yes) AND no.
  ['metric.label.code="1" OR metric.label.code="502" AND resource.type="x"', false],
  ['', true],
])('%s is %s', (filter, expected) => {
  expect(matches(filter)).toBe(expected);
});

test('the metric types asked for are those outside of NOT', () => {
  expect(parseFilter('metric.type="a" NOT metric.type="b"').metricTypes).toEqual(['a']);
  expect(parseFilter('metric.type=one_of("a","b")').metricTypes).toEqual(['a', 'b']);
});

test.each([
  'metric.type',
  'metric.type="a',
  'metric.type==="a"',
  'code="5"',
  'metric.type="a")',
  'metric.type=one_of("a"',
])('%s is refused', (filter) => {
  expect(() => parseFilter(filter)).toThrow();
});
