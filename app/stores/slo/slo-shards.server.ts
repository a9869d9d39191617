import { sql } from 'kysely';
import type { Db, Tx } from '../../platform/db.server.ts';

/** Shards of one process, with the epoch at which it came by each. */
export type HeldShards = ReadonlyMap<number, number>;

/** Which engine process does which part of the SLO work. Times of leases are the database's own. */
export interface ShardStore {
  /** Says that a process lives, for as long as the lease. True when it has to give or may take shards. */
  beat(worker: string): Promise<boolean>;
  /** Gives back what a process has over its part, takes free ones and those of the dead up to it, and returns what it holds. */
  settle(worker: string): Promise<HeldShards>;
  /** True while all of them are still this process's; no other can take one before the transaction ends. */
  hold(tx: Tx, worker: string, held: HeldShards): Promise<boolean>;
  /** A whole cycle went over these shards at `at` (data ms). */
  evaluated(tx: Tx, held: HeldShards, at: number): Promise<void>;
  /** When the shard that was evaluated longest ago was; null while one never was. */
  evaluatedAt(): Promise<number | null>;
  /** Gives everything back and is dead at once. */
  leave(worker: string): Promise<void>;
}

/**
 * One row a shard says who has it. A process that has not said for `leaseSeconds` that it lives is dead to the others, be it
 * paused or gone; the epoch, which rises when a shard changes hands, keeps whatever it still writes out.
 */
export function createShardStore(db: Db, leaseSeconds = 10): ShardStore {
  const alive = sql`exists (
    select from engine_worker where engine_worker.name = slo_shard.worker and alive_until > clock_timestamp())`;
  const live = (on: Db | Tx, worker: string) =>
    sql`
      insert into engine_worker (name, alive_until) values (${worker}, clock_timestamp() + ${leaseSeconds} * interval '1 s')
      on conflict (name) do update set alive_until = excluded.alive_until`.execute(on);

  /** How many shards a process has, may have, and could take. */
  async function balance(on: Db | Tx, worker: string): Promise<{ mine: number; fair: number; free: number }> {
    const { rows } = await sql<{ mine: number; free: number; shards: number; workers: number }>`
      select count(*) filter (where worker = ${worker}) as mine,
        count(*) filter (where worker is null or not ${alive}) as free,
        count(*) as shards,
        (select count(*) from engine_worker where alive_until > clock_timestamp()) as workers
      from slo_shard`.execute(on);
    const { mine, free, shards, workers } = rows[0]!;
    return { mine, free, fair: Math.ceil(shards / Math.max(1, workers)) };
  }

  return {
    async beat(worker) {
      await live(db, worker);
      const { mine, fair, free } = await balance(db, worker);
      return mine > fair || (mine < fair && free > 0);
    },
    async settle(worker) {
      return db.transaction().execute(async (tx) => {
        await live(tx, worker);
        const { mine, fair } = await balance(tx, worker);
        if (mine > fair)
          await sql`
            update slo_shard set worker = null, epoch = epoch + 1 where shard in (
              select shard from slo_shard where worker = ${worker} order by shard desc limit ${mine - fair})`.execute(
            tx,
          );
        if (mine < fair)
          // What somebody holds at this moment, to write or to take, is left to the next look.
          await sql`
            update slo_shard set worker = ${worker}, epoch = epoch + 1 where shard in (
              select shard from slo_shard where worker is null or not ${alive}
              order by shard limit ${fair - mine} for update skip locked)`.execute(tx);
        await sql`delete from engine_worker where alive_until < clock_timestamp() - interval '1 hour'`.execute(tx);
        const held = await tx.selectFrom('slo_shard').select(['shard', 'epoch']).where('worker', '=', worker).execute();
        return new Map(held.map(({ shard, epoch }) => [shard, epoch]));
      });
    },
    async hold(tx, worker, held) {
      const { rows } = await sql`
        select from slo_shard
        join unnest(${[...held.keys()]}::int[], ${[...held.values()]}::bigint[]) as own (shard, epoch)
          on own.shard = slo_shard.shard and own.epoch = slo_shard.epoch
        where worker = ${worker} for share of slo_shard`.execute(tx);
      return rows.length === held.size;
    },
    async evaluated(tx, held, at) {
      await sql`update slo_shard set evaluated_at = ${at} where shard = any(${[...held.keys()]}::int[])`.execute(tx);
    },
    async evaluatedAt() {
      const { rows } = await sql<{ at: number | null }>`
        select case when bool_or(evaluated_at is null) then null else min(evaluated_at) end as at from slo_shard`.execute(
        db,
      );
      return rows[0]?.at ?? null;
    },
    async leave(worker) {
      await db.transaction().execute(async (tx) => {
        await tx.updateTable('slo_shard').set({ worker: null }).where('worker', '=', worker).execute();
        await tx.deleteFrom('engine_worker').where('name', '=', worker).execute();
      });
    },
  };
}
