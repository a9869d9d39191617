import { createHash } from 'node:crypto';
import { canonicalValue } from '../domain/audit/canonical.ts';
import { AppError } from '../errors.ts';
import type { Db } from '../platform/db.server.ts';

/** Makes asking twice open one run: requests of API keys by their `Idempotency-Key`. */
export interface ApiRequestStore {
  /**
   * Opens a run by `open` unless this key asked so before; then its id again. Throws `bad_input` where the same
   * `Idempotency-Key` asked for something else, `locked` while the first request is still under way.
   */
  once(
    request: { keyId: string; idempotencyKey: string; asked: unknown },
    open: () => Promise<string>,
  ): Promise<{ runId: string; known: boolean }>;
}

/** How long an `Idempotency-Key` is remembered, wall ms. */
const kept = 30 * 24 * 3_600_000;
/** After this the process that began with it has died: opening again finds the run that it opened. Wall ms. */
const abandonedAfter = 30_000;

/** Requests by key; `wall` is wall clock. */
export function createApiRequestStore(db: Db, wall: () => number): ApiRequestStore {
  return {
    async once({ keyId, idempotencyKey, asked }, open) {
      const digest = createHash('sha256')
        .update(JSON.stringify(canonicalValue(asked)))
        .digest('hex');
      const now = wall();
      await db
        .deleteFrom('api_request')
        .where('key_id', '=', keyId)
        .where('at', '<', now - kept)
        .execute();
      const claimed = await db
        .insertInto('api_request')
        .values({ key_id: keyId, idempotency_key: idempotencyKey, digest, run_id: null, at: now })
        .onConflict((conflict) =>
          conflict
            .columns(['key_id', 'idempotency_key'])
            .doUpdateSet({ at: now })
            .where('api_request.run_id', 'is', null)
            .where('api_request.digest', '=', digest)
            .where('api_request.at', '<', now - abandonedAfter),
        )
        .returning('key_id')
        .executeTakeFirst();
      const mine = () =>
        db
          .selectFrom('api_request')
          .selectAll()
          .where('key_id', '=', keyId)
          .where('idempotency_key', '=', idempotencyKey);
      if (!claimed) {
        const known = await mine().executeTakeFirstOrThrow();
        if (known.digest !== digest)
          throw new AppError('bad_input', 'This Idempotency-Key asked for something else before.', {
            field: 'Idempotency-Key',
          });
        if (known.run_id !== null) return { runId: known.run_id, known: true };
        throw new AppError(
          'locked',
          'The first request with this Idempotency-Key is still under way. Ask again in a few seconds.',
        );
      }
      try {
        const runId = await open();
        await db
          .updateTable('api_request')
          .set({ run_id: runId })
          .where('key_id', '=', keyId)
          .where('idempotency_key', '=', idempotencyKey)
          .execute();
        return { runId, known: false };
      } catch (error) {
        // Nothing was opened: the same request may be mended and sent again.
        await db
          .deleteFrom('api_request')
          .where('key_id', '=', keyId)
          .where('idempotency_key', '=', idempotencyKey)
          .where('run_id', 'is', null)
          .execute();
        throw error;
      }
    },
  };
}
