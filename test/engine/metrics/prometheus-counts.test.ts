import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countMinutes, type OrderedSeries } from '#app/domain/prometheus/count-minutes.ts';
import { parseSelector } from '#app/domain/prometheus/selector.ts';
import { sumBetween, sumUp } from '#app/domain/slo/minute-counts.ts';
import { hourMs, minuteMs, windowSums } from '#app/domain/slo/series.ts';
import { seeded } from '../../domain/slo/make.ts';
import { bad, now, shop, start } from './scraped-shop.ts';

describe('as slo eval counts', () => {
  const minutes = 8 * 60;
  const first = (now - minutes * minuteMs) / minuteMs;

  test('random counters with resets, gaps and births, whatever the cycles are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 4, maxLength: 12 }),
        async (seed, waits) => {
          const { source, collector, collect, create } = start([shop]);
          const series = world(seeded(seed), first, minutes);
          for (const { labels, times, values } of series)
            for (const [i, at] of times.entries()) source.put('x_total', labels, at, values[i]!);
          let one = collector;
          let at = first * minuteMs + hourMs;
          for (const [i, wait] of waits.entries()) {
            await collect(Math.min(at, now), one);
            at += wait * minuteMs;
            if (i === 2) one = create();
          }
          await collect(now, one);
          const whole = sumUp(countMinutes(series, sides(), first, first + minutes));
          for (let minute = first; minute < first + minutes; minute++) {
            const ours = windowSums(one.series(shop.id)!, minute + 1, 1);
            expect([minute - first, ours]).toEqual([minute - first, sumBetween(whole, minute, minute + 1)]);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  function sides() {
    const [total, part] = ['x_total{job="shop"}', `x_total{job="shop",${bad}}`].map((text) => {
      const read = parseSelector(text);
      if ('fault' in read) throw new Error(read.fault.message);
      return read.selector;
    });
    return { total: total!, part: part!, counted: 'bad' as const };
  }
});

/** Two pods with restarts, gaps of up to 20 minutes and bad counters that come late. */
function world(random: () => number, first: number, minutes: number): OrderedSeries[] {
  return ['a', 'b'].flatMap((pod) => {
    const every = [15, 30, 60][Math.floor(random() * 3)]! * 1000;
    const offset = Math.floor(random() * every);
    const late = Math.floor(random() * minutes);
    const gaps = Array.from({ length: 3 }, () => ({
      from: Math.floor(random() * minutes),
      long: Math.floor(random() * 20),
    }));
    const codes = ['200', '500'].map((code) => ({
      code,
      value: code === '200' ? 5_000 : 0,
      times: [] as number[],
      values: [] as number[],
    }));
    for (let at = first * minuteMs + offset; at <= (first + minutes) * minuteMs; at += every) {
      const minute = at / minuteMs - first;
      if (random() < 0.004) for (const one of codes) one.value = 0;
      for (const one of codes) one.value += Math.floor(random() * (one.code === '200' ? 40 : 2));
      if (gaps.some(({ from, long }) => minute > from && minute < from + long)) continue;
      for (const one of codes) {
        if (one.code === '500' && minute < late) continue;
        one.times.push(at);
        one.values.push(one.value);
      }
    }
    return codes.map(({ code, times, values }) => ({
      name: 'x_total',
      labels: { job: 'shop', code, pod },
      created: [],
      times: Float64Array.from(times),
      values: Float64Array.from(values),
    }));
  });
}
