import { redirect } from '@remix-run/node';
import { may } from '#app/domain/audit/permission.ts';
import { AppError, refusal } from '#app/errors.ts';
import type { RequestContext } from '#app/load-context.ts';
import { manualClock } from '#app/platform/clock.ts';
import { actorOf, type Person } from './people.ts';
import { fakeStores, type Told } from './stores.ts';
import type { World } from './world.ts';

const silent = () => undefined;

/** The load context of one request of `person` (null: a stranger) in a world. */
export function fakeContext(world: World, person: Person | null, told: Told = []): RequestContext {
  const actor = person ? actorOf(person) : null;
  const log = { info: silent, warn: silent, error: console.error, debug: silent, fatal: silent, trace: silent };
  return {
    stores: fakeStores(world, told),
    clock: { ...manualClock(world.now), speed: () => world.speed ?? 1 },
    log: log as unknown as RequestContext['log'],
    deployment: {
      mode: 'act',
      simulated: true,
      environment: 'production',
      organisation: 'film studio',
      baseUrl: 'http://127.0.0.1:4400',
    },
    auth: {} as RequestContext['auth'],
    actor,
    authenticatedAt: actor ? world.now - 60_000 : null,
    require(permission) {
      if (!actor) throw redirect('/sign-in');
      if (!may(actor.role, permission)) throw refusal(new AppError('forbidden'));
      return actor;
    },
    unsent: { at: () => null, keep: silent, forget: silent },
    doors: { signedByPagerDuty: () => false, knock: async () => ({ allowed: true, headers: {} }) },
    address: '127.0.0.1',
    requestId: 'test',
    signal: new AbortController().signal,
    nonce: 'test-nonce',
  };
}
