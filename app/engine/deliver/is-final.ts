import { errorCode } from '../../errors.ts';
import type { Delivery } from '../../stores/outbox.server.ts';

/** Answers that may be others tomorrow: our own credentials, which somebody mends, and "not now". */
const mayChange = [401, 403, 408, 425, 429];

/**
 * True for a failure that every further try would meet: the other side says no to just this (4xx), or what it goes to is
 * there no longer. A page is given up only for an event that PagerDuty cannot take (400): anything else may yet wake somebody.
 */
export function isFinal(error: unknown, kind: Delivery['kind']): boolean {
  const { answered } = error as { answered?: unknown };
  if (kind === 'pagerduty-event') return answered === 400;
  if (errorCode(error) === 'not_found') return true;
  return typeof answered === 'number' && answered >= 400 && answered < 500 && !mayChange.includes(answered);
}
