import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db.server.ts';
import type { ApiKeyStore } from './stores.ts';

type NewKey = Parameters<ApiKeyStore['create']>[0];

/** Last use is written at most this often, so that a busy key does not cost a write per request. */
const lastUseEvery = 60_000;

/** Keys for programs: 256 random bits as `fb_…`, shown once, kept as SHA-256. Times are wall clock. */
export function createApiKeyStore(
  db: Db,
  clock: Pick<Clock, 'wall'>,
): ApiKeyStore & {
  /** Lets a key in that was made elsewhere (the demo's); knows it already the second time. */
  ensure(key: string, input: Omit<NewKey, 'expiresAt'>): Promise<void>;
} {
  async function insert(key: string, { name, owner, scopes, expiresAt }: NewKey): Promise<void> {
    await db
      .insertInto('api_key')
      .values({
        id: randomUUID(),
        prefix: key.slice(0, 9),
        hash: sha256(key),
        name,
        owner,
        scopes: JSON.stringify(scopes),
        created_at: clock.wall(),
        expires_at: expiresAt,
        last_used_at: null,
      })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .execute();
  }
  return {
    async find(key) {
      const now = clock.wall();
      const row = await db.selectFrom('api_key').selectAll().where('hash', '=', sha256(key)).executeTakeFirst();
      if (!row || (row.expires_at !== null && row.expires_at <= now)) return null;
      if ((row.last_used_at ?? 0) < now - lastUseEvery) {
        await db.updateTable('api_key').set({ last_used_at: now }).where('id', '=', row.id).execute();
      }
      return { id: row.id, name: row.name, owner: row.owner, scopes: row.scopes };
    },
    async create(input) {
      const key = `fb_${randomBytes(32).toString('base64url')}`;
      await insert(key, input);
      return key;
    },
    ensure: (key, input) => insert(key, { ...input, expiresAt: null }),
  };
}

function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
