import { BrokenCircuitError, BulkheadRejectedError, TaskCancelledError } from 'cockatiel';
import { AppError, errorCode } from '../errors.ts';

/** Why a call to an outside system failed. `refused` is its own clear no (4xx): asking again does not help. */
export type OutsideReason =
  | 'timeout'
  | 'server'
  | 'quota'
  | 'refused'
  | 'network'
  | 'garbage'
  | 'open'
  | 'busy'
  | 'cancelled';

/** A failed call to an outside system, with a sentence a person can read. Code `unavailable`. */
export class OutsideError extends AppError {
  readonly system: string;
  readonly reason: OutsideReason;
  /** HTTP status or gRPC code that it answered; null when it did not answer. */
  readonly answered: number | null;
  /** How long it asks us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(
    system: string,
    reason: OutsideReason,
    message: string,
    options: { answered?: number | null; retryAfterMs?: number | null; cause?: unknown } = {},
  ) {
    super('unavailable', message, { cause: options.cause });
    this.name = 'OutsideError';
    this.system = system;
    this.reason = reason;
    this.answered = options.answered ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** The failure that an HTTP answer other than 2xx stands for. `detail` is what its body says, one sentence. */
export function httpFailure(
  system: string,
  status: number,
  headers: { get(name: string): string | null },
  detail: string | null = null,
): OutsideError {
  const reason = status === 429 ? 'quota' : status >= 500 ? 'server' : 'refused';
  return new OutsideError(system, reason, `${system} answered ${status}${detail ? `: ${detail}` : ''}`, {
    answered: status,
    retryAfterMs: retryAfter(headers.get('retry-after')),
  });
}

/** True when asking once more can help: it was not told no, and we are not holding back ourselves. */
export function isTransient(error: unknown): boolean {
  return error instanceof OutsideError && ['timeout', 'server', 'quota', 'network', 'garbage'].includes(error.reason);
}

/**
 * Any thrown thing as an expected failure with readable words: HTTP failures and `AppError`s pass as they are, gRPC
 * statuses, dropped connections, unreadable answers and cockatiel's own errors get a sentence.
 */
export function asOutsideError(system: string, error: unknown, timeoutMs: number, cancelled: boolean): AppError {
  if (error instanceof OutsideError || (errorCode(error) !== null && error instanceof AppError)) return error;
  const made = (reason: OutsideReason, message: string, answered: number | null = null, wait: number | null = null) =>
    new OutsideError(system, reason, message, { answered, retryAfterMs: wait, cause: error });
  if (cancelled) return made('cancelled', `The request to ${system} was given up`);
  if (error instanceof TaskCancelledError) return made('timeout', timeoutText(system, timeoutMs));
  if (error instanceof BrokenCircuitError) {
    return made('open', `${system} failed too often and is left alone for a few seconds`);
  }
  if (error instanceof BulkheadRejectedError) return made('busy', `Too many requests to ${system} are waiting already`);
  const { code, message, name } = error as { code?: unknown; message?: string; name?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return made('timeout', timeoutText(system, timeoutMs));
  if (typeof code === 'number') return grpcFailure(system, error as GrpcError, timeoutMs);
  const network = networkCode(error);
  if (network) return made('network', `${system} ${networkWords[network] ?? `cannot be reached (${network})`}`);
  if (error instanceof SyntaxError || name === 'ZodError') {
    return made('garbage', `${system} answered something that cannot be read`);
  }
  return made('garbage', `${system}: ${message ?? String(error)}`);
}

/** The wait of a Retry-After header in ms: seconds or a date. Null when it is missing or unreadable. */
function retryAfter(header: string | null, now: number = Date.now()): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

interface GrpcError {
  code: number;
  details?: string;
  message?: string;
  statusDetails?: { retryDelay?: { seconds?: number | string; nanos?: number } }[];
}

// https://grpc.github.io/grpc/core/md_doc_statuscodes.html
const grpcNames = [
  'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED',
]
  .join(' ')
  .split(' ');

function grpcFailure(system: string, error: GrpcError, timeoutMs: number): OutsideError {
  const name = grpcNames[error.code] ?? `code ${error.code}`;
  const details = error.details ?? error.message ?? '';
  const delay = error.statusDetails?.find((detail) => detail.retryDelay)?.retryDelay;
  const wait = delay ? Number(delay.seconds ?? 0) * 1000 + (delay.nanos ?? 0) / 1e6 : null;
  const made = (reason: OutsideReason, message: string) =>
    new OutsideError(system, reason, message, { answered: error.code, retryAfterMs: wait, cause: error });
  if (name === 'DEADLINE_EXCEEDED') return made('timeout', timeoutText(system, timeoutMs));
  if (name === 'UNAVAILABLE' && /ECONNREFUSED|ECONNRESET|No connection|dropped/i.test(details)) {
    return made('network', `${system} cannot be reached`);
  }
  const words = `${system} answered ${name}${details ? `: ${details}` : ''}`;
  if (name === 'RESOURCE_EXHAUSTED') return made('quota', words);
  if (['UNKNOWN', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'].includes(name)) return made('server', words);
  return made('refused', words);
}

const networkWords: Record<string, string> = {
  ECONNREFUSED: 'cannot be reached: nothing listens there',
  ECONNRESET: 'dropped the connection',
  UND_ERR_SOCKET: 'dropped the connection',
  ENOTFOUND: 'cannot be reached: its name is not known',
  EAI_AGAIN: 'cannot be reached: its name cannot be looked up',
};

/** Node's `fetch` hides the socket's error one or two causes down. A file that is missing is no matter of the network. */
function networkCode(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at && depth < 4; depth++) {
    const code = (at as { code?: unknown }).code;
    if (typeof code === 'string' && /^(E(?!NOENT|ACCES)[A-Z_]+|UND_ERR_[A-Z_]+)$/.test(code)) return code;
    at = (at as { cause?: unknown }).cause ?? (at as { errors?: unknown[] }).errors?.[0];
  }
  return null;
}

function timeoutText(system: string, timeoutMs: number): string {
  return `${system} did not answer within ${Math.round(timeoutMs / 100) / 10} s`;
}
