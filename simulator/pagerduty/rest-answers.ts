import type { z } from 'zod';
import type { Account, Desk } from './desk.ts';
import { type Answer, type Call, restError } from './http.ts';
import type { PdAgent, PdState, PdUser } from './model.ts';
import type { Render } from './render.ts';

/** What a handler of the REST API answers from. */
export interface Rest {
  state: PdState;
  desk: Desk;
  account: Account;
  render: Render;
}
/** One route's answer; `match` holds the captured parts of the path. */
export type Handler = (call: Call, rest: Rest, match: string[]) => Answer;

/** One thing, or a list that is no page, under its name. */
export function one(name: string, value: unknown, status = 200): Answer {
  return { status, body: { [name]: value } };
}

/** A window of a list, as offset pagination gives it: at most 100, no further than 10,000. */
export function page(call: Call, name: string, all: unknown[]): Answer {
  const limit = Math.min(100, Number(call.query.get('limit') ?? 25));
  const offset = Number(call.query.get('offset') ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || !Number.isInteger(offset) || offset < 0 || offset + limit > 10_000) {
    return restError(400, 2001, 'Invalid Input Provided', ['limit or offset is out of range']);
  }
  const more = offset + limit < all.length;
  const total = call.query.get('total') === 'true' ? all.length : null;
  return { status: 200, body: { [name]: all.slice(offset, offset + limit), limit, offset, more, total } };
}

/** A write names a known user's email in `From`, else it is refused. */
export function asRequester(call: Call, desk: Desk, act: (user: PdUser, agent: PdAgent) => Answer): Answer {
  const from = call.header('from');
  if (!from) return restError(400, 1008, 'The From header is required');
  const user = desk.user(from);
  if (!user) return restError(400, 2001, 'Invalid Input Provided', ['Requester User Not Found']);
  return act(user, { id: user.id, type: 'user_reference', name: user.name });
}

/** Whether a moment lies in the `since` and `until` of a call. */
export function within(call: Call, at: number): boolean {
  const since = call.query.get('since');
  const until = call.query.get('until');
  return (!since || at >= Date.parse(since)) && (!until || at < Date.parse(until));
}

/** What was wrong with a body, field by field. */
export function badInput(error: z.ZodError): Answer {
  const errors = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  return restError(400, 2001, 'Invalid Input Provided', errors);
}
