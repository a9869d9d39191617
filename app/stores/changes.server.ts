import { randomUUID } from 'node:crypto';
import { storable } from '../domain/audit/canonical.ts';
import type { Change } from '../domain/change/change.ts';
import { withoutEchoes } from '../domain/change/echoes.ts';
import type { Db } from '../platform/db.server.ts';
import type { Notify } from '../platform/notify.server.ts';
import { storableJson } from './storable-json.ts';
import type { ChangeStore } from './stores.ts';

/** Every change to the world that was seen or reported, once per (source, external id). */
export function createChangeStore(db: Db, now: () => number, notify: Notify): ChangeStore {
  return {
    async recent({ service, environment, since, until, limit }) {
      // One telling may stand beside each change, and is folded into it.
      let query = db
        .selectFrom('change')
        .selectAll()
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit * 2);
      if (service !== undefined) query = query.where('service', '=', service);
      if (environment !== undefined)
        query = query.where((eb) => eb.or([eb('environment', 'is', null), eb('environment', '=', environment)]));
      if (since !== undefined) query = query.where('at', '>=', since);
      if (until !== undefined) query = query.where('at', '<=', until);
      return withoutEchoes((await query.execute()).map(toChange)).slice(0, limit);
    },
    async ofFlag(flag, limit) {
      const rows = await db
        .selectFrom('change')
        .selectAll()
        .where('target', '=', flag)
        .where((eb) => eb.or([eb('kind', '=', 'flag'), eb('source', '=', 'unleash')]))
        .orderBy('at', 'desc')
        .orderBy('id')
        .limit(limit * 2)
        .execute();
      return withoutEchoes(rows.map(toChange)).slice(0, limit);
    },
    async lastOfFlags() {
      const rows = await db
        .selectFrom('change')
        .distinctOn('target')
        .selectAll()
        .where('kind', '=', 'flag')
        .orderBy('target')
        .orderBy('at', 'desc')
        .execute();
      return rows.map(toChange);
    },
    async record(change) {
      const { externalId, before, after, ...rest } = change;
      const result = await db
        .insertInto('change')
        .values({
          ...rest,
          id: randomUUID(),
          external_id: externalId,
          title: storable(rest.title),
          before: jsonOrNull(before),
          after: jsonOrNull(after),
          recorded_at: now(),
        })
        .onConflict((conflict) => conflict.columns(['source', 'external_id']).doNothing())
        .executeTakeFirst();
      const fresh = Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
      if (fresh) await notify('changes', db);
      return fresh;
    },
  };
}

function jsonOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : storableJson(value);
}

function toChange(row: {
  id: string;
  source: Change['source'];
  external_id: string;
  kind: Change['kind'];
  at: number;
  service: string | null;
  environment: string | null;
  target: string;
  title: string;
  actor: string | null;
  commit: string | null;
  url: string | null;
  before: unknown;
  after: unknown;
}): Change {
  const { external_id, id, source, kind, at, service, environment, target, title, actor, commit, url, before, after } =
    row;
  return {
    id,
    source,
    externalId: external_id,
    kind,
    at,
    service,
    environment,
    target,
    title,
    actor,
    commit,
    url,
    before,
    after,
  };
}
