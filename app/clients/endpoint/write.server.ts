import { AppError } from '../../errors.ts';
import { httpFailure, OutsideError } from '../../platform/outside-error.ts';
import type { Resilience } from '../../platform/resilience.ts';
import { type OutboundSettings, refusalUnder, resolveEndpoint } from './address.ts';
import { guardedRequest } from './guarded-request.server.ts';
import type { EndpointsWrite } from './port.ts';
import { answerWithin } from './read.server.ts';

/** Sends to declared endpoints, one attempt each, with the key that makes a repetition recognisable. `redact` takes secrets out of what an answer is quoted with. */
export function createEndpointsWrite(
  settings: OutboundSettings,
  resilience: Resilience,
  redact: (text: string) => string,
): EndpointsWrite {
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
          const said = redact(answer.body).slice(0, 200).trim() || null;
          if (answer.status < 400) throw unexpected(title, answer.status, said);
          throw httpFailure(title, answer.status, { get: () => null }, said);
        },
        { timeoutMs: answerWithin, signal },
      );
    },
  };
}

/** An answer that is neither the declared one nor a no: it may have been taken all the same. */
function unexpected(title: string, status: number, said: string | null): OutsideError {
  const message = `${title} answered ${status}, which its declaration does not name${said ? `: ${said}` : ''}`;
  return new OutsideError(title, 'garbage', message, { answered: status });
}
