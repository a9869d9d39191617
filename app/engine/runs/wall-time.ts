import type { Clock } from '../../platform/clock.ts';

/** Wall ms of a stretch of data time at the clock's present speed: where all delays of the queue come from. At least 200. */
export function wallMs(clock: Pick<Clock, 'speed'>, dataMs: number): number {
  return Math.max(200, Math.round(dataMs / Math.max(clock.speed(), 0.001)));
}

/** Data ms that pass in a stretch of wall time: patience with outside systems is wall time, and shown as data time. */
export function dataMs(clock: Pick<Clock, 'speed'>, ms: number): number {
  return Math.round(ms * clock.speed());
}
