/** Into so many parts the SLO work is divided: as many engine processes can share it. Migration 011 has a row for each. */
export const shardCount = 32;

/** The shard of a batch of reads, 0 to 31, by a hash of its key (FNV-1a): the same in every process. */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  // The low bits alone would see little of what stands early in a key.
  return ((hash ^ (hash >>> 16)) >>> 0) % shardCount;
}
