import { minuteMs } from '../../domain/slo/series.ts';
import { isSilence } from './fill.ts';
import type { DirtyHours } from './held-counts.server.ts';
import type { ReadBatch } from './plan-reads.ts';
import type { BatchAnswer } from './read-minutes.server.ts';

/**
 * The points of a batch come about once a minute: they are read in the cycle in which a minute becomes due, and once in between, so
 * that harm is seen on points that come early. Whole cycles, with room for one that comes a little soon.
 */
const readEveryMs = 25_000;
/** Within two cycles news is expected; a shorter pause says nothing. */
const pauseMs = 30_000;

/** What is remembered of a batch of Cloud Monitoring between cycles. */
export interface BatchState {
  signature: string | null;
  /** When a point last came or moved. */
  newsAt: number | null;
  rate: number;
  /** The last answer said nothing new although something was due. */
  isSilent: boolean;
  /** Nothing came for so long that, when it ends, more than the tail may have come. */
  wasBlind: boolean;
  /** It has just ended: the last cycle filled what pages need, this one looks further back. */
  looksBack: boolean;
  /** Hours of each SLO that changed and are not stored yet. */
  dirty: Map<string, DirtyHours>;
  /** When all of the batch, as it then was, was last read and stored; null where the next cycle has to read, whatever the time. */
  read: { at: number; batch: ReadBatch } | null;
}

/** Of a batch that was never read. */
export function newBatchState(): BatchState {
  return {
    signature: null,
    newsAt: null,
    rate: 0,
    isSilent: false,
    wasBlind: false,
    looksBack: false,
    dirty: new Map(),
    read: null,
  };
}

/** Whether what was read of a batch is still all that is due at `now`, and fresh. */
export function isReadOf(batch: ReadBatch, { read }: BatchState, now: number): boolean {
  if (read?.batch !== batch || now - read.at >= readEveryMs) return false;
  return batch.slos.every(({ settle }) => minuteOf(now - settle) === minuteOf(read.at - settle));
}

/** Takes an answer for news; returns since when the source has been silent against expectation, null while it is not. */
export function listen(state: BatchState, answer: BatchAnswer, now: number): number | null {
  const isFirst = state.signature === null;
  if (isFirst) {
    // Nothing to compare with: the newest point cannot have come sooner than a minute after its end.
    state.newsAt = answer.newest === null ? null : Math.min(now, answer.newest + minuteMs);
  } else if (answer.signature !== state.signature) state.newsAt = now;
  state.signature = answer.signature;
  if (answer.rate > 0) state.rate = answer.rate;
  const pause = state.newsAt === null ? 0 : now - state.newsAt;
  const silent = pause > pauseMs && isSilence(state.rate, pause / minuteMs);
  return silent ? state.newsAt : null;
}

const minuteOf = (at: number) => Math.floor(at / minuteMs);
