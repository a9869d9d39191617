import { shardOf } from '../../domain/slo/shard.ts';
import type { Db, Tx } from '../../platform/db.server.ts';
import type { Log } from '../../platform/log.ts';
import type { HeldShards, ShardStore } from '../../stores/slo/slo-shards.server.ts';

/** The part of the SLO work that is this process's. */
export interface Share {
  /** Gives and takes shards, and returns whether a batch of reads (by its key) is ours. Once a cycle, and never within one. */
  settle(): Promise<(batch: string) => boolean>;
  /** A transaction that commits only while everything that `settle` gave is still ours; throws where it is not. */
  fenced<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A whole cycle went over our part at `now` (data ms), but for the shards of the batches `without`. */
  evaluated(now: number, without?: readonly string[]): Promise<void>;
  /** Gives our part to the others. */
  stop(): Promise<void>;
}

/** This process's share. `onUneven` is called when the next `settle` would give or take. */
export function startShare(parts: {
  db: Db;
  shards: ShardStore;
  /** A name that no other process has, nor had. */
  worker: string;
  log: Pick<Log, 'info' | 'warn'>;
  onUneven: () => void;
  /** Wall ms between two words that it lives. */
  beatMs?: number;
}): Share {
  const { db, shards, worker, log, beatMs = 2_000 } = parts;
  let held: HeldShards = new Map();
  let beating: Promise<unknown> = Promise.resolve();
  // Beside the cycle, which may take longer than the lease.
  const timer = setInterval(() => {
    beating = shards.beat(worker).then(
      (uneven) => uneven && parts.onUneven(),
      (error) => log.warn({ err: error }, 'cannot say that this engine lives'),
    );
  }, beatMs);
  timer.unref();

  async function fenced<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return db.transaction().execute(async (tx) => {
      if (!(await shards.hold(tx, worker, held))) throw new Error('another engine has taken over some of these SLOs');
      return work(tx);
    });
  }

  return {
    fenced,
    async settle() {
      const before = held.size;
      held = await shards.settle(worker);
      if (held.size !== before) log.info({ shards: held.size }, 'evaluates another part of the SLOs');
      const mine = held;
      return (batch) => mine.has(shardOf(batch));
    },
    evaluated(now, without = []) {
      const missed = new Set(without.map(shardOf));
      const done = new Map([...held].filter(([shard]) => !missed.has(shard)));
      return fenced((tx) => shards.evaluated(tx, done, now));
    },
    async stop() {
      clearInterval(timer);
      // A word that comes after the leave would make us live on.
      await beating;
      await shards.leave(worker);
    },
  };
}
