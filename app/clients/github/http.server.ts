import { AppError } from '../../errors.ts';
import { httpFailure, OutsideError } from '../../platform/outside-error.ts';

const system = 'GitHub';

/** Where GitHub's REST API is, without a trailing slash, and what opens it; `token` is null where none is configured. */
export interface GitHubAddress {
  apiUrl: string;
  token: string | null;
}

/** One request. Answers other than 2xx throw: 404 as `not_found`, a used-up rate limit as `quota` with its wait. */
export async function githubRequest(
  { apiUrl, token }: GitHubAddress,
  path: string,
  options: { method?: 'GET' | 'POST'; body?: unknown; signal: AbortSignal },
): Promise<unknown> {
  if (token === null) throw new AppError('bad_input', 'GITHUB_TOKEN is not set where Firebreak runs.');
  const { method = 'GET', body, signal } = options;
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    signal,
    redirect: 'error',
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'firebreak',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (response.ok) return text === '' ? null : (JSON.parse(text) as unknown);
  const detail = detailOf(text);
  if (response.status === 404) throw new AppError('not_found', `GitHub knows nothing at ${path}, or hides it.`);
  const wait = limitedFor(response);
  if (wait !== null) {
    const words = `GitHub answered ${response.status}: its rate limit is used up`;
    throw new OutsideError(system, 'quota', words, { answered: response.status, retryAfterMs: wait });
  }
  throw httpFailure(system, response.status, response.headers, detail);
}

/** Wall ms until the rate limit lets us in again; null when the answer is about something else. GitHub says 403 as well as 429. */
function limitedFor(response: Response): number | null {
  if (response.status !== 403 && response.status !== 429) return null;
  const after = response.headers.get('retry-after');
  if (after !== null) return Number(after) * 1000 || 0;
  if (response.headers.get('x-ratelimit-remaining') !== '0') return response.status === 429 ? 60_000 : null;
  return Math.max(0, Number(response.headers.get('x-ratelimit-reset')) * 1000 - Date.now());
}

function detailOf(text: string): string | null {
  try {
    const { message, errors } = JSON.parse(text) as { message?: unknown; errors?: unknown };
    const parts = [
      message,
      ...(Array.isArray(errors) ? errors.map((one) => (one as { message?: unknown })?.message ?? one) : []),
    ];
    return parts.filter((part) => typeof part === 'string').join(': ') || null;
  } catch {
    return null;
  }
}
