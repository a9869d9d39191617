import { redirect } from '@remix-run/node';
import type { Permission } from './domain/audit/permission.ts';
import type { Actor } from './domain/run/run.ts';
import type { RequestContext } from './load-context.ts';
import { paths } from './paths.ts';

/** How old a sign-in may be for acting on the world, wall ms. */
export const freshFor = 10 * 60_000;

/**
 * The actor, when the permission holds and the sign-in is fresh; else throws the way to sign in again, which comes back to
 * `back`. What was typed waits there: `sent` is the form, or the request where nobody has read it yet.
 */
export async function requireActing(
  context: RequestContext,
  permission: Permission,
  back: string,
  sent: Request | FormData,
): Promise<Actor> {
  const actor = context.require(permission);
  const { pathname } = new URL(back, 'http://page');
  const since = context.authenticatedAt;
  if (since !== null && context.clock.wall() - since <= freshFor) {
    context.unsent.forget(pathname);
    return actor;
  }
  context.unsent.keep(pathname, await formOf(sent));
  throw redirect(paths.signInAgain(back), 303);
}

/** A body that is no form has nothing to keep. */
async function formOf(sent: Request | FormData): Promise<FormData> {
  return 'formData' in sent ? sent.formData().catch(() => new FormData()) : sent;
}
