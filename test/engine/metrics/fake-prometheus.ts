import type { CounterQuery, PrometheusRead, ReadCounter } from '#app/clients/prometheus/port.ts';
import { parseSelector, selects } from '#app/domain/prometheus/selector.ts';

/** A server that nobody asks. */
export const noPrometheus: PrometheusRead = {
  counters: () => Promise.reject(new Error('nobody asks Prometheus here')),
};

/** A server in memory; `queries` are what was asked, `broken` is thrown while it is set. */
export function fakePrometheus() {
  const held = new Map<string, { name: string; labels: Record<string, string>; readings: Map<number, number> }>();
  const fake = {
    broken: null as Error | null,
    queries: [] as CounterQuery[],
    put(name: string, labels: Record<string, string>, at: number, value: number): void {
      const key = JSON.stringify([name, labels]);
      const one = held.get(key) ?? { name, labels, readings: new Map<number, number>() };
      held.set(key, one);
      one.readings.set(at, value);
    },
    /** Loses what was read from `from` to `to`, as a server that crashed does. */
    lose(from: number, to: number): void {
      for (const { readings } of held.values())
        for (const time of readings.keys()) if (time >= from && time < to) readings.delete(time);
    },
    read: {
      async counters(query: CounterQuery): Promise<ReadCounter[]> {
        fake.queries.push(query);
        if (fake.broken) throw fake.broken;
        const parsed = parseSelector(query.selector);
        if ('fault' in parsed) throw new Error(parsed.fault.message);
        return [...held.values()]
          .filter(({ name, labels }) => selects(parsed.selector, name, labels))
          .map(({ name, labels, readings }) => {
            const times = [...readings.keys()].filter((at) => at > query.from && at <= query.to).sort((a, b) => a - b);
            const values = times.map((at) => readings.get(at)!);
            return { name, labels, times: Float64Array.from(times), values: Float64Array.from(values) };
          })
          .filter(({ times }) => times.length > 0);
      },
    } satisfies PrometheusRead,
  };
  return fake;
}
