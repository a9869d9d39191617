import { readFileSync } from 'node:fs';
import { type Clock, type ClockSegment, goesForward, piecewiseClock } from './clock.ts';

const everyMs = 100;

/**
 * A clock stored in a file by the supervisor: `{"segments": [{wall, data, speed}]}`, replaced atomically and re-read
 * within 200 ms. Throws when the file is missing, unreadable or would turn data time back.
 */
export function fileClock(path: string, wall: () => number = () => Date.now()): Clock & { close(): void } {
  let text = readFileSync(path, 'utf8');
  let segments = parse(path, text);
  let last = Number.NEGATIVE_INFINITY;
  // Read and compared, not watched: `watchFile` takes its first look later, and misses a change made before it.
  const timer = setInterval(() => {
    try {
      const fresh = readFileSync(path, 'utf8');
      if (fresh === text) return;
      segments = parse(path, fresh);
      text = fresh;
    } catch {
      // A half-written, missing or backward file keeps the last good clock: data time must go on.
    }
  }, everyMs);
  timer.unref();
  const clock = piecewiseClock(() => segments, wall);
  return {
    ...clock,
    // Never back: segments are continuous, but a re-read may land a few milliseconds late.
    now: () => {
      last = Math.max(last, clock.now());
      return last;
    },
    close: () => clearInterval(timer),
  };
}

function parse(path: string, text: string): ClockSegment[] {
  const { segments } = JSON.parse(text) as { segments?: ClockSegment[] };
  if (!Array.isArray(segments) || segments.length === 0) throw new Error(`${path}: no clock segments`);
  if (!goesForward(segments)) throw new Error(`${path}: the clock would go back`);
  return segments;
}
