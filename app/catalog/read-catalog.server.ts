import type { Catalog } from '../domain/catalog.ts';
import { buildCatalog } from './build-catalog.ts';
import { readContent } from './content-files.server.ts';

/**
 * Reads and validates the content folders under `dir`. Never throws: whatever is wrong stands in `problems` with file,
 * line and column, and costs only the document it stands in.
 */
export async function readCatalog(dir: string): Promise<Catalog> {
  return buildCatalog(await readContent(dir));
}
