import type { Sums } from './series.ts';

/**
 * Numbered buckets in a ring, held as running sums: any stretch is one subtraction, the newest bucket is one addition,
 * and a bucket that changes k places back costs k. Sums wrap around no earlier than 2^53 events.
 */
export interface PrefixRing {
  capacity: number;
  /** Running sums up to and including the bucket, at bucket mod (capacity + 1). */
  bad: Float64Array;
  total: Float64Array;
  /** Known minutes modulo 65,536: stretches are shorter than that. */
  known: Uint16Array;
  /** Oldest bucket held and the one after the newest; null while empty. */
  start: number | null;
  end: number | null;
}

/** Where a bucket's running sum stands; bucket −1 is the one before the first. */
function place(ring: PrefixRing, bucket: number): number {
  const places = ring.capacity + 1;
  return ((bucket % places) + places) % places;
}

/** An empty ring of `capacity` buckets. */
export function newRing(capacity: number): PrefixRing {
  // One more place holds the running sum before the oldest bucket.
  const places = capacity + 1;
  return {
    capacity,
    bad: new Float64Array(places),
    total: new Float64Array(places),
    known: new Uint16Array(places),
    start: null,
    end: null,
  };
}

/** Makes room for `bucket`, as unknown with all between; false when it is older than the ring reaches. */
export function extendTo(ring: PrefixRing, bucket: number): boolean {
  if (ring.start === null || ring.end === null) {
    ring.start = bucket;
    ring.end = bucket + 1;
    return true;
  }
  if (bucket >= ring.end) {
    const newest = place(ring, ring.end - 1);
    for (let i = Math.max(ring.end, bucket - ring.capacity); i <= bucket; i++) copySum(ring, place(ring, i), newest);
    ring.end = bucket + 1;
    ring.start = Math.max(ring.start, ring.end - ring.capacity);
    return true;
  }
  if (bucket < ring.end - ring.capacity) return false;
  if (bucket < ring.start) {
    const base = place(ring, ring.start - 1);
    for (let i = bucket - 1; i < ring.start - 1; i++) copySum(ring, place(ring, i), base);
    ring.start = bucket;
  }
  return true;
}

function copySum(ring: PrefixRing, to: number, from: number): void {
  ring.bad[to] = ring.bad[from]!;
  ring.total[to] = ring.total[from]!;
  ring.known[to] = ring.known[from]!;
}

/** Replaces one bucket; false when it is older than the ring reaches. */
export function setBucket(ring: PrefixRing, bucket: number, value: Sums): boolean {
  if (!extendTo(ring, bucket)) return false;
  const held = ringSums(ring, bucket, bucket + 1);
  const [bad, total, known] = [value.bad - held.bad, value.total - held.total, value.known - held.known];
  if (bad === 0 && total === 0 && known === 0) return true;
  for (let i = bucket; i < ring.end!; i++) {
    const at = place(ring, i);
    ring.bad[at]! += bad;
    ring.total[at]! += total;
    ring.known[at]! += known;
  }
  return true;
}

/** Adds the bucket after the newest, or one further on with unknown ones between: what is loaded in order is not looked up first. */
export function appendBucket(ring: PrefixRing, bucket: number, bad: number, total: number, known: number): void {
  if (ring.end !== null && bucket < ring.end) throw new RangeError('append only behind the newest bucket');
  extendTo(ring, bucket);
  const at = place(ring, bucket);
  ring.bad[at]! += bad;
  ring.total[at]! += total;
  ring.known[at]! += known;
}

/** Sums of the buckets in [from, to), in constant time. What the ring does not hold counts as unknown. */
export function ringSums(ring: PrefixRing, from: number, to: number): Sums {
  if (ring.start === null || ring.end === null) return { bad: 0, total: 0, known: 0 };
  const first = Math.max(from, ring.start);
  const end = Math.min(to, ring.end);
  if (first >= end) return { bad: 0, total: 0, known: 0 };
  const a = place(ring, first - 1);
  const b = place(ring, end - 1);
  return {
    bad: ring.bad[b]! - ring.bad[a]!,
    total: ring.total[b]! - ring.total[a]!,
    known: (ring.known[b]! - ring.known[a]!) & 0xffff,
  };
}
