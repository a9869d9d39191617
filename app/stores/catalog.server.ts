import type { Catalog } from '../domain/catalog.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notices } from '../platform/notify.server.ts';
import type { CatalogStore } from './stores.ts';

/** The newest catalog version, kept in memory until a notice says that another was stored. */
export function createCatalogStore(db: Db, notices: Notices): CatalogStore {
  let cached: Promise<Catalog | null> | null = null;
  notices.subscribe((topic) => {
    if (topic === 'catalog') cached = null;
  });
  const read = async (): Promise<Catalog | null> => {
    const row = await db
      .selectFrom('catalog_version')
      .select('content')
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? (row.content as Catalog) : null;
  };
  return {
    current() {
      cached ??= read().then((catalog) => {
        if (!catalog) cached = null;
        return catalog;
      });
      cached.catch(() => {
        cached = null;
      });
      return cached;
    },
    async save(catalog, at) {
      const latest = await db
        .selectFrom('catalog_version')
        .select('digest')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (latest?.digest === catalog.digest) return;
      await db.transaction().execute(async (tx) => {
        // A version that comes back (a revert) is stored again, so that the newest row is always the one in force.
        await tx.deleteFrom('catalog_version').where('digest', '=', catalog.digest).execute();
        await tx
          .insertInto('catalog_version')
          .values({ digest: catalog.digest, loaded_at: at, content: JSON.stringify(catalog) })
          .execute();
        await notices.notify('catalog', tx);
      });
      cached = null;
    },
  };
}
