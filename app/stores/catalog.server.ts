import { sql } from 'kysely';
import type { Catalog } from '../domain/catalog.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notices } from '../platform/notify.server.ts';
import { storableJson } from './storable-json.ts';
import type { CatalogStore } from './stores.ts';

/** Advisory lock: two engines that read the same folder store one version. */
const saveLock = 4_177_003;

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
      await db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${saveLock})`.execute(tx);
        const latest = await tx
          .selectFrom('catalog_version')
          .select('digest')
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst();
        if (latest?.digest === catalog.digest) return;
        // A version that comes back (a revert) is stored again, so that the newest row is always the one in force.
        await tx.deleteFrom('catalog_version').where('digest', '=', catalog.digest).execute();
        await tx
          .insertInto('catalog_version')
          .values({ digest: catalog.digest, loaded_at: at, content: storableJson(catalog) })
          .execute();
        await notices.notify('catalog', tx);
      });
      cached = null;
    },
  };
}
