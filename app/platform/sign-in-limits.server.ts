import { isIPv6 } from 'node:net';
import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';

const windowSeconds = 15 * 60;
const perAccountAndAddress = 5;
const perAddress = 20;

/** Wrong passwords are counted; a right one gives its attempt back. */
export interface SignInLimits {
  /** Throws `rate_limited` when this account from this address, or this address, has tried too often. */
  attempt(account: string, address: string | null): Promise<void>;
  succeeded(account: string, address: string | null): Promise<void>;
}

/**
 * Throttles sign-ins by account *and* address together, and by address alone; never by account alone, so that nobody
 * can lock somebody else out. Exact across processes; memory stands in while the database does not answer. Wall clock.
 */
export function createSignInLimits(pool: pg.Pool): SignInLimits {
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterPostgres({
      storeClient: pool,
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix,
      points,
      duration: windowSeconds,
      insuranceLimiter: new RateLimiterMemory({ points, duration: windowSeconds }),
    });
  const pairs = limiter('sign-in-pair', perAccountAndAddress);
  const addresses = limiter('sign-in-address', perAddress);
  const pairOf = (account: string, address: string | null) => `${account}|${networkOf(address)}`;

  return {
    async attempt(account, address) {
      // The pair first: who repeats one wrong password does not use up the tries of everybody behind the same address.
      await consume(pairs, pairOf(account, address));
      try {
        await consume(addresses, networkOf(address));
      } catch (error) {
        await pairs.reward(pairOf(account, address), 1);
        throw error;
      }
    },
    async succeeded(account, address) {
      await pairs.delete(pairOf(account, address));
      await addresses.reward(networkOf(address), 1);
    },
  };
}

async function consume(limiter: RateLimiterPostgres, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const seconds = Math.ceil(error.msBeforeNext / 1_000);
    const minutes = Math.ceil(seconds / 60);
    throw new AppError('rate_limited', `Too many attempts. Try again in ${minutes} min.`, {
      headers: {
        'Retry-After': String(seconds),
        'RateLimit-Limit': String(limiter.points),
        'RateLimit-Remaining': '0',
        'RateLimit-Reset': String(seconds),
      },
    });
  }
}

/** What one person has of the network: an IPv4 address, or the /64 that an IPv6 address is taken from. */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').toLowerCase().split('::');
  const groups = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  const all = [...groups, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
