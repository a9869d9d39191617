import { hourMs, minuteMs } from '../../domain/slo/series.ts';
import type { CursorStore } from '../../stores/cursors.server.ts';

const everyMs = 24 * hourMs;
/** One that failed is tried again after this. */
const againMs = 15 * minuteMs;
const cursor = 'metrics-reread';

/** Which batches (by their keys) are to look further back than the tail: each once a day, for what came later than that. */
export function createRereads(cursors: CursorStore) {
  let lastAt: number | null = null;
  /** Batches whose daily look back has not succeeded yet, with when it is due. */
  const due = new Map<string, number>();
  return {
    /** Once a day every batch is to look back. A process that has just come up is first right about now. */
    async plan(batches: readonly { key: string }[], now: number, justUp: boolean): Promise<void> {
      lastAt ??= await cursors.get<number>(cursor);
      if (lastAt !== null && (now - lastAt < everyMs || justUp)) return;
      if (justUp) await cursors.set(cursor, now);
      else for (const { key } of batches) due.set(key, now);
      lastAt = now;
    },
    isDue: (key: string, now: number) => (due.get(key) ?? Number.POSITIVE_INFINITY) <= now,
    async succeeded(key: string): Promise<void> {
      due.delete(key);
      // A process that comes after this one looks back again unless all is done.
      if (due.size === 0) await cursors.set(cursor, lastAt);
    },
    /** Not in the next cycle: what fails because it is so much must not keep what is new from being read. */
    failed(key: string, now: number): void {
      due.set(key, now + againMs);
    },
    /** Forgets all batches but these. */
    keep(keys: ReadonlySet<string>): void {
      for (const key of due.keys()) if (!keys.has(key)) due.delete(key);
    },
  };
}
