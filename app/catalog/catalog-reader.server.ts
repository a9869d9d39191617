import type { ContentFile } from '../domain/catalog.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { readContent } from './content-files.server.ts';
import { type InForce, keepGood } from './keep-good.ts';

/**
 * Reads the content folders under `dir` again and again, where a file that breaks keeps its last good version in force.
 * `standing` are the files in force when it begins, null at the very first read. Never throws for what a file says.
 */
export function createCatalogReader(
  dir: string,
  standing: readonly ContentFile[] | null,
  clock: Pick<Clock, 'now'> = systemClock,
): () => Promise<InForce> {
  let files = standing;
  return async () => {
    const kept = keepGood(files, await readContent(dir), new Date(clock.now()).toISOString().slice(0, 10));
    files = kept.files;
    return kept;
  };
}
