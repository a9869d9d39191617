import type { Read } from '../observed-panel.tsx';

const grace = 10 * 60_000;

/** A reading as an incident that ended at `end` (ms) left it; nothing once a later incident's reading has taken its place. */
export function until<T>(read: Read<T>, end: number | null): Read<T> {
  const later = end !== null && read.at !== null && read.at > end + grace;
  return later ? { value: null, at: null, error: null, errorAt: null } : read;
}
