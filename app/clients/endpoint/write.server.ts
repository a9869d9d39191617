import { AppError } from '../../errors.ts';
import { httpFailure } from '../../platform/outside-error.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { type OutboundSettings, refusalUnder, resolveEndpoint } from './address.ts';
import { guardedRequest } from './guarded-request.server.ts';
import type { EndpointsWrite } from './port.ts';
import { answerWithin } from './read.server.ts';

/** Sends to declared endpoints, one attempt each, with the key that makes a repetition recognisable. */
export function createEndpointsWrite(settings: OutboundSettings, resilience: Resilience): EndpointsWrite {
  return {
    refusal: refusalUnder(settings),
    async send(endpoint, scope, { key, body }, signal) {
      const resolved = resolveEndpoint(endpoint, scope, settings);
      if (!resolved.ok) throw new AppError('bad_input', resolved.why);
      const { title, method, status } = endpoint;
      const text = JSON.stringify(body);
      const headers = {
        ...resolved.value.headers,
        'Content-Type': 'application/json',
        'Content-Length': String(Buffer.byteLength(text)),
        'Idempotency-Key': key,
      };
      return resilience.write(
        async (inner) => {
          const sent = { title, ...resolved.value, method, headers, body: text, signal: inner };
          const answer = await guardedRequest(sent);
          if (status.includes(answer.status)) return answer;
          throw httpFailure(title, answer.status, { get: () => null }, answer.body.slice(0, 200).trim() || null);
        },
        { timeoutMs: answerWithin, signal },
      );
    },
  };
}
