import type { Catalog } from '../domain/catalog.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { buildCatalog } from './build-catalog.ts';
import { readContent } from './content-files.server.ts';

/**
 * Reads and validates the content folders under `dir`. Never throws: whatever is wrong stands in `problems` with file,
 * line and column, and costs only the document it stands in. The clock says which reviews are overdue.
 */
export async function readCatalog(dir: string, clock: Pick<Clock, 'now'> = systemClock): Promise<Catalog> {
  return buildCatalog(await readContent(dir), new Date(clock.now()).toISOString().slice(0, 10));
}
