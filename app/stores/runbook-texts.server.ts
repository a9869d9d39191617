import { sql } from 'kysely';
import type { Runbook } from '../domain/runbook/runbook.ts';
import { wordsOf } from '../domain/runbook/words.ts';
import type { Db, Tx } from '../platform/db.server.ts';
import type { RunbookTextStore } from './stores.ts';

/** Marks around a found word, of private use: they stand in no text that people write. */
const [open, close] = ['\ue000', '\ue001'];

/**
 * Keeps the words of the runbooks in force, in the transaction that stores their catalog. A runbook that stands there for
 * the first time changed at `at`, unless none was there before: then nobody knows.
 */
export async function storeRunbookTexts(tx: Tx, runbooks: readonly Runbook[], at: number): Promise<void> {
  const before = await tx.selectFrom('runbook_text').select(['slug', 'digest']).execute();
  const digests = new Map(before.map(({ slug, digest }) => [slug, digest]));
  const slugs = runbooks.map(({ slug }) => slug);
  await tx.deleteFrom('runbook_text').where(sql<boolean>`slug <> all(${slugs}::text[])`).execute();
  for (const runbook of runbooks) {
    const { slug, digest } = runbook;
    if (digests.get(slug) === digest) continue;
    const title = plain(runbook.title);
    const service = runbook.service && plain(runbook.service);
    const slos = runbook.slos.map(plain);
    const words = plain(wordsOf(runbook));
    const row = { digest, title, service, slos, words, changed_at: before.length === 0 ? null : at };
    const search = sql<string>`setweight(to_tsvector('english', ${title}::text), 'A')
      || setweight(to_tsvector('simple', ${[slug, service ?? '', ...slos].join(' ')}::text), 'B')
      || setweight(to_tsvector('english', ${words}::text), 'C')`;
    await tx
      .insertInto('runbook_text')
      .values({ slug, ...row, search })
      .onConflict((conflict) => conflict.column('slug').doUpdateSet({ ...row, search }))
      .execute();
  }
}

/** PostgreSQL's texts hold no NUL, and a file may write one in its front matter. */
const plain = (text: string) => text.replaceAll('\0', '\ufffd');

/** Search over the runbooks in force. */
export function createRunbookTextStore(db: Db): RunbookTextStore {
  return {
    async changed() {
      const rows = await db.selectFrom('runbook_text').select(['slug', 'changed_at']).execute();
      return new Map(rows.map(({ slug, changed_at }) => [slug, changed_at]));
    },
    async search({ words, service, slo }) {
      const text = plain(words.slice(0, 200)).trim();
      const query = sql`(websearch_to_tsquery('english', ${text}::text) || websearch_to_tsquery('simple', ${text}::text))`;
      const part = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
      let found = db
        .selectFrom('runbook_text')
        .select('slug')
        .select(
          text === ''
            ? sql<string>`''`.as('snippet')
            : sql<string>`ts_headline('english', words, ${query},
                ${`StartSel=${open}, StopSel=${close}, MaxFragments=1, MaxWords=24, MinWords=12`})`.as('snippet'),
        );
      if (text !== '') {
        found = found.where(sql<boolean>`(search @@ ${query} or title ilike ${part} or slug ilike ${part})`);
        found = found.orderBy(sql`ts_rank(search, ${query})`, 'desc');
      }
      if (service !== null) found = found.where('service', '=', service);
      if (slo !== null) found = found.where(sql<boolean>`${slo} = any(slos)`);
      const rows = await found.orderBy('title').limit(100).execute();
      return rows.map(({ slug, snippet }) => ({ slug, snippet: parts(snippet) }));
    },
  };
}

/** A snippet in parts, the found words marked; none when nothing in it is. */
function parts(snippet: string): { text: string; found: boolean }[] {
  if (!snippet.includes(open)) return [];
  return snippet
    .split(new RegExp(`(${open}[^${close}]*${close})`))
    .filter((text) => text !== '')
    .map((text) => (text.startsWith(open) ? { text: text.slice(1, -1), found: true } : { text, found: false }));
}
