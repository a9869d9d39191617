/** Readings of one counter as they came: times in ms since the epoch, values as exposed. Only the first `length` count. */
export interface Samples {
  times: Float64Array;
  values: Float64Array;
  length: number;
}

/** Readings in order of time, one for each instant. */
export interface OrderedSamples {
  times: Float64Array;
  values: Float64Array;
}

/** No readings yet. */
export function newSamples(): Samples {
  return { times: new Float64Array(64), values: new Float64Array(64), length: 0 };
}

/** Adds one reading. */
export function appendSample(samples: Samples, time: number, value: number): void {
  const at = samples.length++;
  if (at === samples.times.length) {
    samples.times = grown(samples.times);
    samples.values = grown(samples.values);
  }
  samples.times[at] = time;
  samples.values[at] = value;
}

/** Adds all readings of another list. */
export function appendAll(samples: Samples, { times, values, length }: Samples): void {
  for (let i = 0; i < length; i++) appendSample(samples, times[i]!, values[i]!);
}

function grown(numbers: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}

/**
 * The readings in order of time. Of several at one instant the largest counts, whatever order they came in: a counter
 * only grows, so it is the newest.
 */
export function orderSamples({ times, values, length }: Samples): OrderedSamples {
  let ascending = true;
  for (let i = 1; i < length && ascending; i++) ascending = times[i]! > times[i - 1]!;
  if (ascending) return { times: times.subarray(0, length), values: values.subarray(0, length) };
  const order = Uint32Array.from({ length }, (_, i) => i);
  order.sort((a, b) => times[a]! - times[b]! || values[a]! - values[b]!);
  const ordered = newSamples();
  for (const i of order) {
    const last = ordered.length - 1;
    if (last >= 0 && ordered.times[last] === times[i]) ordered.values[last] = values[i]!;
    else appendSample(ordered, times[i]!, values[i]!);
  }
  return orderSamples(ordered);
}
