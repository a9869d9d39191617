import type pg from 'pg';
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { verifySignature } from './clients/pagerduty/signature.server.ts';
import type { Doors, Knock } from './platform/http/doors.ts';

const perMinute = { 'unsigned-webhook': 300, api: 600 } as const;

/** The doors of this deployment: counts are exact across processes, by memory alone while the database does not answer. */
export function createDoors(pool: pg.Pool, webhookSecrets: readonly string[]): Doors {
  const limiter = (keyPrefix: keyof typeof perMinute) => {
    const points = perMinute[keyPrefix];
    const insuranceLimiter = new RateLimiterMemory({ points, duration: 60 });
    return new RateLimiterPostgres({
      storeClient: pool,
      tableName: 'rate_limit',
      tableCreated: true,
      keyPrefix,
      points,
      duration: 60,
      insuranceLimiter,
    });
  };
  const limiters = { 'unsigned-webhook': limiter('unsigned-webhook'), api: limiter('api') };
  return {
    signedByPagerDuty: (rawBody, signature) => verifySignature(rawBody, signature, webhookSecrets),
    async knock(door, who) {
      const answer = (allowed: boolean, { remainingPoints, msBeforeNext }: RateLimiterRes): Knock => {
        const seconds = String(Math.ceil(msBeforeNext / 1_000));
        return {
          allowed,
          headers: {
            'RateLimit-Limit': String(perMinute[door]),
            'RateLimit-Remaining': String(remainingPoints),
            'RateLimit-Reset': seconds,
            ...(allowed ? {} : { 'Retry-After': seconds }),
          },
        };
      };
      try {
        return answer(true, await limiters[door].consume(who));
      } catch (error) {
        if (error instanceof RateLimiterRes) return answer(false, error);
        throw error;
      }
    },
  };
}
