/** Every expected failure: its code, HTTP status and human sentence, in one table. */
const table = {
  unauthenticated: [401, 'Sign in to go on.'],
  forbidden: [403, 'Your role does not allow this.'],
  not_found: [404, 'There is nothing at this address.'],
  bad_input: [400, 'Something in the form is not valid.'],
  plan_stale: [409, 'The world moved since this plan was made. Read the new plan, then confirm it.'],
  already_done: [409, 'Somebody already did this.'],
  locked: [409, 'Another run holds this target.'],
  frozen: [409, 'Changes are frozen now: wait until the freeze ends, or break the glass with a reason.'],
  not_planned: [409, 'This step has no plan to confirm yet.'],
  reason_needed: [422, 'A precondition failed or is unknown: say in one sentence why you go on, and tick the box.'],
  mode_observe: [409, 'Firebreak only observes here: FIREBREAK_MODE=act lets it change things.'],
  rate_limited: [429, 'Too many requests. Wait a little and try again.'],
  unavailable: [503, 'The outside system does not answer.'],
  bad_signature: [403, 'The signature does not match.'],
  cross_site: [403, 'This form was sent from another site.'],
  too_large: [413, 'The request body is too large.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof table;

/** An expected failure. Recognise it by `code`, never by class: a bundle may hold a second copy of the class. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly field: string | null;
  /** Header fields of the answer: when to come again. */
  readonly headers: Record<string, string>;

  constructor(
    code: ErrorCode,
    message?: string,
    options: { field?: string; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message ?? table[code][1], { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = table[code][0];
    this.field = options.field ?? null;
    this.headers = options.headers ?? {};
  }
}

/** The code of an expected failure, or null for anything else. */
export function errorCode(error: unknown): ErrorCode | null {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code in table ? (code as ErrorCode) : null;
}

/** An expected failure as a response to throw from a loader or action: the error boundary and API clients read `code` and `message`. */
export function refusal(error: AppError): Response {
  const { code, message, field, status, headers } = error;
  return Response.json({ error: { code, message, field } }, { status, headers });
}

/** Status of an expected failure, 500 for anything else. */
export function errorStatus(error: unknown): number {
  const code = errorCode(error);
  return code ? table[code][0] : 500;
}
