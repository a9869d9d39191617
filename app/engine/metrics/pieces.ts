import type { ReadBatch } from './plan-reads.ts';

/** Points of one read, roughly: more at once would fill the memory where thousands of SLOs look back over days. */
const pointsAtOnce = 1_000_000;

/** A stretch to be read, (from, to] in ms on whole periods. */
export interface Stretch {
  from: number;
  to: number;
  periodSeconds: number;
}

/** Cuts what is to be read for a batch into pieces, oldest first; all but the first have the same length. */
export function piecesOf({ from, to, periodSeconds }: Stretch, batch: Pick<ReadBatch, 'reads'>): Stretch[] {
  const parts = batch.reads.reduce((sum, read) => sum + read.parts.length, 0);
  const length = Math.max(60, Math.floor(pointsAtOnce / Math.max(1, parts))) * periodSeconds * 1000;
  const pieces: Stretch[] = [];
  for (let end = to; end > from; end -= length)
    pieces.unshift({ from: Math.max(from, end - length), to: end, periodSeconds });
  return pieces.length > 0 ? pieces : [{ from, to, periodSeconds }];
}
