import { expect, test } from 'vitest';
import { minuteMs } from '#app/domain/slo/series.ts';
import { readCounterFailures } from '#app/engine/story/counter-failures.server.ts';
import { monday } from '../../domain/slo/make.ts';
import { fakePrometheus } from '../metrics/fake-prometheus.ts';

const from = monday;
const to = monday + 30 * minuteMs;

function indicator(over: object = {}) {
  const [total, part] = [{ selector: 'x_total{job="shop"}' }, { selector: 'x_total{job="shop",code=~"5.."}' }];
  return { kind: 'prometheus', counted: 'bad', total, part, source: 'shop', url: 'http://p', ...over } as const;
}

function world() {
  const source = fakePrometheus();
  const put = (labels: Record<string, string>, at: number, value: number) =>
    source.put('x_total', { job: 'shop', ...labels }, at, value);
  for (let minute = -10; minute <= 30; minute++) {
    const at = from + minute * minuteMs;
    put({ code: '200', version: 'v1', pod: 'a' }, at, 5_000 + minute * 100);
    put({ code: '503', version: 'v1', pod: 'a' }, at, minute < 10 ? 700 : 700 + (minute - 10) * 2);
    put({ code: '200', version: 'v2', pod: 'b' }, at, minute < 5 ? 9_000 : minute * 50);
    if (minute > 3) put({ code: '500', version: 'v2', pod: 'b' }, at, minute - 3);
  }
  return source;
}

test('bad events by code and version, with those that grew before left out and a new counter from 0 on', async () => {
  const source = world();
  const found = await readCounterFailures(source.read, indicator(), { from, to });
  expect(found).toEqual({
    from,
    to,
    groups: [
      { code: '503', revision: 'v1', region: '', bad: 40, total: 3_040 },
      { code: '500', revision: 'v2', region: '', bad: 27, total: 1_527 },
    ],
  });
  expect(source.queries.map(({ selector }) => selector)).toEqual(['x_total{job="shop"}']);
});

test('where good events are counted, the others of the total are the bad ones', async () => {
  const part = { selector: 'x_total{job="shop",code="200"}' };
  const { groups } = await readCounterFailures(world().read, indicator({ counted: 'good', part }), { from, to });
  expect(groups.map(({ code, bad }) => [code, bad])).toEqual([
    ['503', 40],
    ['500', 27],
  ]);
});
