import type { Slo } from '../../domain/slo/slo.ts';

/** Reads that belong together, because an SLO counts from more than one of them; mostly there is only one. */
export interface Batch<R> {
  slos: Slo[];
  reads: R[];
}

/** Puts reads that share an SLO into one batch, in the order in which they come. */
export function inBatches<R extends { parts: readonly { slo: Slo }[] }>(reads: readonly R[]): Batch<R>[] {
  const leaders = new Map<R, R>();
  const leaderOf = (read: R): R => {
    const leader = leaders.get(read) ?? read;
    if (leader === read) return read;
    const last = leaderOf(leader);
    leaders.set(read, last);
    return last;
  };
  const firstReads = new Map<Slo, R>();
  for (const read of reads)
    for (const { slo } of read.parts) {
      const first = firstReads.get(slo);
      if (!first) firstReads.set(slo, read);
      else if (leaderOf(first) !== leaderOf(read)) leaders.set(leaderOf(read), leaderOf(first));
    }
  const batches = new Map<R, { slos: Set<Slo>; reads: R[] }>();
  for (const read of reads) {
    const leader = leaderOf(read);
    const batch = batches.get(leader) ?? { slos: new Set<Slo>(), reads: [] };
    batches.set(leader, batch);
    batch.reads.push(read);
    for (const { slo } of read.parts) batch.slos.add(slo);
  }
  return [...batches.values()].map(({ slos, reads: own }) => ({ slos: [...slos], reads: own }));
}
