import { readCatalog } from '../catalog/read-catalog.server.ts';
import { watchCatalog } from '../catalog/watch-catalog.server.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { CatalogStore } from '../stores/stores.ts';
import type { Task } from './loop.server.ts';

/** Reads the content folders when the engine starts to lead, then stores every version that a change of a file makes. */
export function catalogTask(deps: { dir: string; store: CatalogStore; clock: Clock; log: Log }): Task {
  const save = async (catalog: Awaited<ReturnType<typeof readCatalog>>) => {
    await deps.store.save(catalog, deps.clock.now());
    const errors = catalog.problems.filter(({ severity }) => severity === 'error').length;
    deps.log.info({ digest: catalog.digest.slice(0, 12), errors }, 'catalog loaded');
  };
  return {
    name: 'load-catalog',
    // The watch reports changes by itself; a turn only ends when the folder could not be read, and then it is tried again.
    everyMs: 10_000,
    async run(signal) {
      const first = await readCatalog(deps.dir);
      await save(first);
      const watch = watchCatalog(deps.dir, first.digest, (catalog) => void save(catalog).catch(failed), {
        onError: failed,
      });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      await watch.close();
    },
  };

  function failed(error: unknown): void {
    deps.log.error({ err: error }, 'the catalog could not be stored');
  }
}
