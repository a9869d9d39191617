import { sql } from 'kysely';
import type { Catalog, ContentFile } from '../domain/catalog.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notices } from '../platform/notify.server.ts';
import { storeRunbookTexts } from './runbook-texts.server.ts';
import { storableJson } from './storable-json.ts';
import type { CatalogStore } from './stores.ts';

/** Advisory lock: two engines that read the same folder store one version. */
const saveLock = 4_177_003;

/** The part of the catalog store that only the engine uses. */
export interface CatalogFiles {
  /** The files that the newest stored catalog was made of: what a file that breaks falls back to. Null when none are kept. */
  files(): Promise<ContentFile[] | null>;
}

/** The newest catalog version, kept in memory until a notice says that another was stored. */
export function createCatalogStore(db: Db, notices: Notices): CatalogStore & CatalogFiles {
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
    async files() {
      const row = await db
        .selectFrom('catalog_version')
        .select('files')
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.files ?? null;
    },
    async save(catalog, at, files = null) {
      await db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${saveLock})`.execute(tx);
        await storeRunbookTexts(tx, catalog.runbooks, at);
        const latest = await tx
          .selectFrom('catalog_version')
          .select(['id', 'digest'])
          .orderBy('id', 'desc')
          .limit(1)
          .executeTakeFirst();
        const row = { content: storableJson(catalog), files: files === null ? null : storableJson(files) };
        if (latest?.digest === catalog.digest) {
          // The same files, read by a newer Firebreak or on a later day.
          const renewed = await tx
            .updateTable('catalog_version')
            .set(row)
            .where('id', '=', latest.id)
            .where(sql<boolean>`(content, files) is distinct from (${row.content}::jsonb, ${row.files}::jsonb)`)
            .executeTakeFirst();
          if (Number(renewed.numUpdatedRows) > 0) await notices.notify('catalog', tx);
          return;
        }
        // A version that comes back (a revert) is stored again, so that the newest row is always the one in force.
        await tx.deleteFrom('catalog_version').where('digest', '=', catalog.digest).execute();
        // Only the files in force are ever looked at again.
        await tx.updateTable('catalog_version').set({ files: null }).where('files', 'is not', null).execute();
        await tx
          .insertInto('catalog_version')
          .values({ digest: catalog.digest, loaded_at: at, ...row })
          .execute();
        await notices.notify('catalog', tx);
      });
      cached = null;
    },
  };
}
