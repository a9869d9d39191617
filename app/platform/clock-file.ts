import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { type Clock, type ClockSegment, piecewiseClock } from './clock.ts';

/** A clock stored in a file by the supervisor: `{"segments": [{wall, data, speed}]}`, replaced atomically and re-read within 200 ms. */
export function fileClock(path: string): Clock & { close(): void } {
  let segments = read(path);
  let last = Number.NEGATIVE_INFINITY;
  const onChange = () => {
    try {
      segments = read(path);
    } catch {
      // A half-written or missing file keeps the last good clock: data time must go on.
    }
  };
  watchFile(path, { interval: 100, persistent: false }, onChange);
  const clock = piecewiseClock(() => segments);
  return {
    ...clock,
    // Never back: segments are continuous, but a re-read may land a few milliseconds late.
    now: () => {
      last = Math.max(last, clock.now());
      return last;
    },
    close: () => unwatchFile(path, onChange),
  };
}

function read(path: string): ClockSegment[] {
  const parsed = JSON.parse(readFileSync(path, 'utf8')) as { segments?: ClockSegment[] };
  if (!Array.isArray(parsed.segments) || parsed.segments.length === 0) throw new Error(`${path}: no clock segments`);
  return parsed.segments;
}
