import type { Permission } from './domain/audit/permission.ts';
import { may } from './domain/audit/permission.ts';
import type { Actor } from './domain/run/run.ts';
import { AppError, errorCode, refusal } from './errors.ts';
import type { RequestContext } from './load-context.ts';

/** What an API key may be made for. */
export type Scope = 'changes:write' | 'metrics:read' | 'rehearsals:write' | 'runs:open' | 'runs:act';

/** A program that showed its key. */
export interface KeyCaller {
  key: { id: string; name: string; owner: string };
  /** RateLimit fields that the answer carries. */
  headers: Record<string, string>;
}

/** The caller of a request that carries `Authorization: Bearer fb_…` with one of the scopes. Throws a response: 401, 403, 429. */
export async function requireKey(
  request: Request,
  context: RequestContext,
  scopes: readonly [Scope, ...Scope[]],
): Promise<KeyCaller> {
  const token = /^Bearer (fb_[\w-]{20,100})$/.exec(request.headers.get('authorization') ?? '')?.[1];
  const key = token ? await context.stores.apiKeys.find(token) : null;
  const knock = await context.doors.knock('api', key ? `key/${key.id}` : `address/${context.address ?? 'unknown'}`);
  if (!knock.allowed) {
    const response = refusal(new AppError('rate_limited'));
    for (const [name, value] of Object.entries(knock.headers)) response.headers.set(name, value);
    throw response;
  }
  if (!key) throw new AppError('unauthenticated', 'Send a valid API key as Authorization: Bearer fb_…');
  if (!scopes.some((scope) => key.scopes.includes(scope)))
    throw new AppError('forbidden', `This key lacks the scope ${scopes.join(' or ')}.`);
  return { key, headers: knock.headers };
}

/**
 * The person in whose name a key acts: its owner, with the role they have now, so that a key never does more than its owner may.
 * Throws `forbidden` where the owner is nobody here, was disabled, or may not do this.
 */
export async function requireOwner(
  { stores }: RequestContext,
  { key }: Pick<KeyCaller, 'key'>,
  permission: Permission,
): Promise<Actor> {
  const owner = await stores.people.get(key.owner);
  if (!owner)
    throw new AppError(
      'forbidden',
      `The owner of this key, ${key.owner}, is nobody here, or was disabled: it acts for no one.`,
    );
  if (!may(owner.role, permission))
    throw new AppError('forbidden', `The owner of this key, ${owner.name}, may not do this as ${owner.role}.`);
  return { ...owner, name: `${owner.name} (key ${key.name})`, key: key.name };
}

/** The JSON of a request. Throws `bad_input`. */
export function jsonBody(request: Request): Promise<unknown> {
  return request.json().catch(() => {
    throw new AppError('bad_input', 'The body is not JSON.');
  });
}

/** Answers a program: an expected failure as its code, sentence and field, never as a page. */
export async function answer(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Response) return error;
    if (errorCode(error)) return refusal(error as AppError);
    throw error;
  }
}
