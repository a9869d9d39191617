import { api } from 'pagerduty';
import { AppError } from '../../errors.ts';
import { httpFailure, OutsideError } from '../../platform/outside-error.ts';

const system = 'PagerDuty';
/** pdjs waits this long between its own three tries after a 429; it cannot be told not to try. */
const waitAfter429 = 400;

/** Where PagerDuty is and what opens it. Addresses without a trailing slash. */
export interface PagerDutyAddress {
  /** REST API v2, as `https://api.pagerduty.com`. */
  apiUrl: string;
  /** Events API v2, as `https://events.pagerduty.com`. */
  eventsUrl: string;
  token: string;
}

export interface PagerDutyRequest {
  method?: 'GET' | 'POST' | 'PUT';
  query?: Record<string, string | string[]>;
  data?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * One request through the official client. The full `url` is passed, since it would force https on an endpoint. It ends
 * when `signal` fires, even in the client's own wait. Answers other than 2xx throw an `OutsideError`, 404 `not_found`.
 */
export async function pagerDutyRequest(url: string, token: string, request: PagerDutyRequest): Promise<unknown> {
  const { method = 'GET', query, data, headers, signal } = request;
  const answer = api({
    url,
    method,
    token,
    data,
    headers,
    queryParameters: query,
    signal,
    retryTimeout: waitAfter429,
    // Its timer aborts nothing and would keep the process alive.
    requestTimeout: 0,
  }).catch((thrown: unknown) => {
    // An answer whose body is no JSON is thrown as the bare response.
    if (!(thrown instanceof Error) && typeof (thrown as Response)?.status === 'number')
      return unreadable(thrown as Response);
    throw thrown;
  });
  const response = await untilAborted(answer, signal);
  if (response.ok) return response.data as unknown;
  const detail = detailOf(response.data);
  if (response.status === 404) throw new AppError('not_found', detail ?? `PagerDuty knows nothing at ${url}`);
  throw httpFailure(system, response.status, response.headers, detail);
}

function unreadable(response: Response): never {
  if (response.ok) throw new OutsideError(system, 'garbage', 'PagerDuty answered something that cannot be read');
  throw httpFailure(system, response.status, response.headers);
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** REST says `{error: {message, errors}}`, Events `{message, errors}`. */
function detailOf(body: unknown): string | null {
  const error = (body as { error?: unknown } | null)?.error ?? body;
  const { message, errors } = (error ?? {}) as { message?: unknown; errors?: unknown };
  const parts = [message, ...(Array.isArray(errors) ? errors : [])].filter((part) => typeof part === 'string');
  return parts.length > 0 ? parts.join(': ') : null;
}
