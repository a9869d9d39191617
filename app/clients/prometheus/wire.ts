import { z } from 'zod';
import type { ReadCounter } from './port.ts';

// Values are looked at one by one below: there may be hundreds of thousands.
const matrix = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.unknown()).default([]) })),
  }),
});

const failure = z.object({ status: z.literal('error'), error: z.string() });

/**
 * The answer to a range selector as counters with their readings in (from, to], ms. NaN and the infinities are no readings of a counter.
 * Throws ZodError or SyntaxError when it cannot be read. Format: https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export function readMatrix(text: string, from: number, to: number): ReadCounter[] {
  return matrix.parse(JSON.parse(text)).data.result.flatMap(({ metric, values }) => {
    const { __name__: name = '', ...labels } = metric;
    const times = new Float64Array(values.length);
    const read = new Float64Array(values.length);
    let length = 0;
    for (const pair of values) {
      const [seconds, value] = pairOf(pair);
      const at = Math.round(seconds * 1000);
      // Prometheus 2 gives the start of a range, too, and 3 leaves it out.
      if (at <= from || at > to || !Number.isFinite(value)) continue;
      times[length] = at;
      read[length] = value;
      length += 1;
    }
    return length === 0 ? [] : [{ name, labels, times: times.subarray(0, length), values: read.subarray(0, length) }];
  });
}

function pairOf(pair: unknown): [number, number] {
  if (Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'string')
    return [pair[0], Number(pair[1])];
  throw new SyntaxError('a reading is no pair of a time and a value');
}

/** What an answer other than 2xx says in its body; null when it says nothing that can be read. */
export function readFailure(text: string): string | null {
  try {
    return failure.parse(JSON.parse(text)).error.slice(0, 300);
  } catch {
    return null;
  }
}
