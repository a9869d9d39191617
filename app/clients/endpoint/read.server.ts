import { AppError } from '../../errors.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { type OutboundSettings, refusalUnder, resolveEndpoint } from './address.ts';
import { guardedRequest } from './guarded-request.server.ts';
import type { EndpointsRead } from './port.ts';

/** Wall ms that a declared endpoint may take. */
export const answerWithin = 10_000;

/** Asks declared endpoints. Each by itself and once: that one does not answer says nothing about another. */
export function createEndpointsRead(settings: OutboundSettings, resilience: Resilience): EndpointsRead {
  return {
    refusal: refusalUnder(settings),
    get(endpoint, scope, signal) {
      const resolved = resolveEndpoint(endpoint, scope, settings);
      if (!resolved.ok) throw new AppError('bad_input', resolved.why);
      const { title } = endpoint;
      return resilience.write(
        (inner) => guardedRequest({ title, ...resolved.value, method: 'GET', body: null, signal: inner }),
        { timeoutMs: answerWithin, signal },
      );
    },
  };
}
