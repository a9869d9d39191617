import type { Catalog } from '#app/domain/catalog.ts';
import { parseSelector, selects } from '#app/domain/prometheus/selector.ts';
import { historyDays } from '#simulator/world/history.ts';
import type { SimClock } from '#simulator/world/seams.ts';
import { createPod, type Pod, scrapeMs } from './pods.ts';

/** The one counter that services expose. */
const metric = 'http_requests_total';
const podsEach = 2;
const staleMs = 300_000;
const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A refusal as Prometheus words it. */
export class PrometheusError extends Error {
  readonly status: number;
  readonly type: 'bad_data' | 'execution';

  constructor(status: 400 | 422, type: 'bad_data' | 'execution', message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

type Pair = [number, string];
type Answer =
  | { resultType: 'matrix'; result: { metric: Record<string, string>; values: Pair[] }[] }
  | { resultType: 'vector'; result: { metric: Record<string, string>; value: Pair }[] };

/** A Prometheus that scrapes the services of the catalog that have an SLO over Prometheus. */
export interface SimulatedPrometheus {
  /** The answer to `/api/v1/query`: selectors, with or without a range. Throws PrometheusError. */
  query(text: string, time: number): Answer;
}

/** The world of a catalog from 35 days before `worldStart` on; a pure function of seed and time, that ends at `now`. */
export function createPrometheus(options: {
  catalog: Pick<Catalog, 'slos'>;
  seed: string;
  worldStart: number;
  clock: Pick<SimClock, 'now'>;
  /** Samples in one answer are no more than this. */
  mostSamples?: number;
}): SimulatedPrometheus {
  const { seed, clock, mostSamples = 50_000_000 } = options;
  const begin = Math.floor(options.worldStart / 60_000) * 60_000 - historyDays * 86_400_000;
  const budgets = new Map<string, number>();
  for (const { service, indicator, objective } of options.catalog.slos)
    if (indicator.kind === 'prometheus') budgets.set(service, Math.min(budgets.get(service) ?? 1, 1 - objective));
  // An ordinary month spends about a fifth of the budget.
  const pods: Pod[] = [...budgets].flatMap(([service, budget]) =>
    Array.from({ length: podsEach }, (_, i) => createPod(seed, service, `${service}-${i}`, begin, budget / 5)),
  );

  function readings(selector: string, from: number, to: number): { metric: Record<string, string>; values: Pair[] }[] {
    const parsed = parseSelector(selector);
    if ('fault' in parsed)
      throw new PrometheusError(400, 'bad_data', `invalid parameter "query": 1:${parsed.fault.at + 1}: parse error`);
    const until = Math.min(to, clock.now());
    let samples = 0;
    return pods.flatMap(({ offset, counters }) =>
      counters
        .filter(({ labels }) => selects(parsed.selector, metric, labels))
        .map(({ labels, at }) => {
          const values: Pair[] = [];
          const first = Math.ceil((Math.max(from, begin) - offset) / scrapeMs) * scrapeMs + offset;
          for (let time = first; time <= until; time += scrapeMs) {
            const value = at(time);
            if (value === null) continue;
            if (++samples > mostSamples)
              throw new PrometheusError(
                422,
                'execution',
                'query processing would load too many samples into memory in query execution',
              );
            values.push([time / 1000, String(value)]);
          }
          return { metric: { __name__: metric, ...labels }, values };
        })
        .filter(({ values }) => values.length > 0),
    );
  }

  return {
    query(text, time) {
      const range = /^(.*)\[((?:\d+(?:ms|[smhdw]))+)\]\s*$/s.exec(text.trim());
      if (!range) {
        const found = readings(text, time - staleMs, time);
        return {
          resultType: 'vector',
          result: found.map(({ metric, values }) => ({ metric, value: [time / 1000, values.at(-1)![1]] })),
        };
      }
      const span = [...range[2]!.matchAll(/(\d+)(ms|[smhdw])/g)].reduce(
        (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
        0,
      );
      return { resultType: 'matrix', result: readings(range[1]!, time - span, time) };
    },
  };
}
