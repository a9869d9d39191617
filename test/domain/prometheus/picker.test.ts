import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderedSeries, Sides } from '#app/domain/prometheus/count-minutes.ts';
import { newPicker } from '#app/domain/prometheus/picker.ts';
import { selects } from '#app/domain/prometheus/selector.ts';
import { countedSides } from './counted-sides.ts';

const series = (name: string, labels: Record<string, string>): OrderedSeries => ({
  name,
  labels,
  created: [],
  times: new Float64Array(),
  values: new Float64Array(),
});

const job = fc.constantFrom('a', 'b', 'c');
const code = fc.constantFrom('200', '404', '503');
const matcher = fc.oneof(
  fc.tuple(fc.constant('job'), fc.constantFrom('=', '!=', '=~', '!~'), fc.constantFrom('a', 'b', 'c', '', 'a|c')),
  fc.tuple(fc.constant('code'), fc.constantFrom('=', '!=', '=~'), fc.constantFrom('200', '503', '', '5..')),
  fc.tuple(fc.constant('toString'), fc.constant('='), fc.constant('')),
);
const selector = fc
  .tuple(fc.constantFrom('x_total', 'y_total'), fc.array(matcher, { maxLength: 3 }))
  .map(([name, matchers]) => `${name}{${matchers.map(([label, op, value]) => `${label}${op}"${value}"`).join(',')}}`);
const counter = fc
  .record({ name: fc.constantFrom('x_total', 'y_total'), labels: fc.record({ job, code }, { requiredKeys: [] }) })
  .map(({ name, labels }) => series(name, labels));

test('an SLO has exactly the counters that its selectors find, whatever comes and goes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(selector, selector), { maxLength: 8 }),
      fc.array(counter, { maxLength: 20 }),
      fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
      fc.array(counter, { maxLength: 5 }),
      (asked, first, isGone, later) => {
        const all = new Map(asked.map(([total, part], at) => [`slo-${at}`, countedSides(total, part).sides] as const));
        const picker = newPicker(all);
        picker.add(first);
        picker.remove(first.filter((_, at) => isGone[at]));
        picker.add(later);
        const held = [...first.filter((_, at) => !isGone[at]), ...later];
        for (const [slo, sides] of all) expect(picker.of(slo)).toEqual(found(sides, held));
      },
    ),
  );
});

function found({ total, part }: Sides, held: readonly OrderedSeries[]) {
  return held
    .map((one) => ({
      one,
      inTotal: selects(total, one.name, one.labels),
      inPart: selects(part, one.name, one.labels),
    }))
    .filter(({ inTotal, inPart }) => inTotal || inPart);
}

test('a thousand SLOs are not each tried for every counter', () => {
  const tried = { matchers: 0 };
  const services = Array.from({ length: 200 }, (_, at) => `service-${at}`);
  const routes = ['0', '1', '2', '3', '4'];
  const sides = new Map(
    services.flatMap((service) =>
      routes.map((route) => {
        const labels = `route="${route}",env="prod",service="${service}"`;
        const own = countedSides(`x_total{${labels}}`, `x_total{${labels},code=~"5.."}`, tried);
        return [`${service}-${route}`, own.sides] as const;
      }),
    ),
  );
  const counters = services.flatMap((service) =>
    routes.flatMap((route) =>
      ['200', '503', '404', '301'].map((code) => series('x_total', { route, env: 'prod', service, code })),
    ),
  );
  const picker = newPicker(sides);
  picker.add(counters);
  expect(picker.of('service-7-3')).toHaveLength(4);
  // The five SLOs of its service, two selectors of at most five matchers each.
  expect(tried.matchers).toBeLessThanOrEqual(counters.length * 5 * 2 * 5);
  tried.matchers = 0;
  picker.remove(counters.slice(0, 4));
  expect(tried.matchers).toBe(0);
  expect(picker.of('service-0-0')).toEqual([]);
});
