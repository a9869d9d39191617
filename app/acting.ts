import { redirect } from '@remix-run/node';
import type { Permission } from './domain/audit/permission.ts';
import type { Actor } from './domain/run/run.ts';
import type { RequestContext } from './load-context.ts';
import { paths } from './paths.ts';

/** How old a sign-in may be for acting on the world, wall ms. */
export const freshFor = 10 * 60_000;

/** The actor, when the permission holds and the sign-in is fresh; else throws the way to sign in again, which comes back to `back`. */
export function requireActing(context: RequestContext, permission: Permission, back: string): Actor {
  const actor = context.require(permission);
  const since = context.authenticatedAt;
  if (since === null || context.clock.wall() - since > freshFor) throw redirect(paths.signInAgain(back), 303);
  return actor;
}
