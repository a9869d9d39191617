import { createCatalogReader } from '../catalog/catalog-reader.server.ts';
import type { InForce } from '../catalog/keep-good.ts';
import { watchCatalog } from '../catalog/watch-catalog.server.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CatalogFiles } from '../stores/catalog.server.ts';
import type { CatalogStore } from '../stores/stores.ts';
import type { Task } from './loop.server.ts';

/**
 * Reads the content folders when the engine starts to lead, then stores every version that a change of a file makes. A
 * file that breaks keeps its last good version in force, over restarts and changes of the leader too.
 */
export function catalogTask(deps: { dir: string; store: CatalogStore & CatalogFiles; clock: Clock; log: Log }): Task {
  const save = async ({ catalog, files }: InForce) => {
    await deps.store.save(catalog, deps.clock.now(), files);
    const errors = catalog.problems.filter(({ severity }) => severity === 'error').length;
    deps.log.info({ digest: catalog.digest.slice(0, 12), errors }, 'catalog loaded');
  };
  return {
    name: 'load-catalog',
    // The watch reports changes by itself; a turn only ends when a version could not be stored, and then all is read again.
    everyMs: 10_000,
    async run(signal) {
      const readInForce = createCatalogReader(deps.dir, await deps.store.files(), deps.clock);
      let newest = await readInForce();
      await save(newest);
      const read = async () => {
        newest = await readInForce();
        return newest.catalog;
      };
      await new Promise<void>((resolve, reject) => {
        const watch = watchCatalog(deps.dir, newest.catalog.digest, () => void save(newest).catch(leave), {
          read,
          onError: (error) => deps.log.error({ err: error }, 'the catalog could not be read'),
        });
        signal.addEventListener('abort', () => void watch.close().then(resolve, reject), { once: true });
        function leave(error: unknown): void {
          void watch.close().then(() => reject(error), reject);
        }
      });
    },
  };
}
