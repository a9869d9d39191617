/** Rollouts and variants use the same hash with different seeds, so that a user's bucket says nothing of the variant. */
const variantSeed = 86_028_157;

/** Where an id stands on a rollout's scale of 1 to 100, as Unleash SDKs count it. */
export function rolloutBucket(id: string, group: string): number {
  return (murmur3(`${group}:${id}`, 0) % 100) + 1;
}

/** Where an id stands on the scale of all variant weights, from 1, as Unleash SDKs count it. */
export function variantBucket(id: string, group: string, totalWeight: number): number {
  return (murmur3(`${group}:${id}`, variantSeed) % totalWeight) + 1;
}

/** MurmurHash3, 32 bit, x86, over the low byte of each UTF-16 unit: that is what the Node SDK hashes. */
function murmur3(text: string, seed: number): number {
  const byte = (index: number) => text.charCodeAt(index) & 0xff;
  const mix = (block: number) => Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
  const whole = text.length - (text.length % 4);
  let hash = seed;
  for (let i = 0; i < whole; i += 4) {
    const block = byte(i) | (byte(i + 1) << 8) | (byte(i + 2) << 16) | (byte(i + 3) << 24);
    hash = (Math.imul(rotate(hash ^ mix(block), 13), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let i = text.length - 1; i >= whole; i--) tail = (tail << 8) | byte(i);
  hash ^= mix(tail) ^ text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
