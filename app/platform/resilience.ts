import {
  bulkhead,
  CircuitState,
  circuitBreaker,
  DelegateBackoff,
  handleWhen,
  type IRetryBackoffContext,
  retry,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import { asOutsideError, isTransient, OutsideError } from './outside-error.ts';

/** The outside system's circuit breaker: `open` means it is left alone for a few seconds. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** What a policy tells: each attempt with its outcome (`ok` or the reason) and wall ms, and each turn of the breaker. */
export type ResilienceEvent =
  | { kind: 'attempt'; system: string; op: 'read' | 'write'; outcome: string; ms: number }
  | { kind: 'breaker'; system: string; state: BreakerState };

/** Counts since the start; times are wall-clock ms. */
export interface ResilienceStats {
  attempts: number;
  failures: number;
  lastOkAt: number | null;
  lastError: { text: string; at: number } | null;
}

/** The one policy of an outside system. Failures are thrown as `OutsideError`s with readable words. */
export interface Resilience {
  readonly system: string;
  /** Timeout per attempt, up to two retries when that can help, breaker, and a bound on calls at once. */
  read<T>(fn: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** One attempt, whatever the breaker thinks: stopping must not be refused because reading fails. */
  write<T>(fn: (signal: AbortSignal) => Promise<T>, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<T>;
  state(): BreakerState;
  stats(): ResilienceStats;
}

/** Settings with the product's values as defaults; tests shorten them. */
export interface ResilienceOptions {
  /** As people call it: "Unleash", "Cloud Run". */
  system: string;
  onEvent?: (event: ResilienceEvent) => void;
  /** Runs over every error text: an outside system may repeat the token it refuses. */
  redact?: (text: string) => string;
  timeoutMs?: number;
  retries?: number;
  retryBaseMs?: number;
  /** Reads at once, and as many again ten times waiting. */
  concurrency?: number;
  breaker?: { share?: number; windowMs?: number; minimumCalls?: number; halfOpenAfterMs?: number };
}

/** A longer wait than this is not waited for in a read: the next poll comes anyway. */
const longestRetryAfterMs = 5000;
const longestRetryMs = 2000;

/** Makes the policy of one outside system: retry(breaker(bulkhead(timeout(call)))) for reads, a timeout alone for writes. */
export function createResilience(options: ResilienceOptions): Resilience {
  const { system } = options;
  const timeoutMs = options.timeoutMs ?? 5000;
  const { share = 0.5, windowMs = 30_000, minimumCalls = 5, halfOpenAfterMs = 10_000 } = options.breaker ?? {};
  const stats: ResilienceStats = { attempts: 0, failures: 0, lastOkAt: null, lastError: null };
  const concurrency = options.concurrency ?? 16;
  const inWords = (thrown: unknown, deadlineMs: number, cancelled: boolean) => {
    const error = asOutsideError(system, thrown, deadlineMs, cancelled);
    if (options.redact) error.message = options.redact(error.message);
    return error;
  };

  const breaker = circuitBreaker(handleWhen(isTransient), {
    halfOpenAfter: halfOpenAfterMs,
    breaker: new SamplingBreaker({
      threshold: share,
      duration: windowMs,
      minimumRps: minimumCalls / (windowMs / 1000),
    }),
  });
  breaker.onStateChange(() => options.onEvent?.({ kind: 'breaker', system, state: stateOf(breaker.state) }));
  const retries = retry(handleWhen(worthRetrying), {
    maxAttempts: options.retries ?? 2,
    backoff: new DelegateBackoff(decorrelatedJitter(options.retryBaseMs ?? 100)),
  });
  const guarded = wrap(retries, breaker, bulkhead(concurrency, concurrency * 10));

  /** One attempt with its deadline; the error is put in words here, inside the breaker, which judges by it. */
  async function attempt<T>(
    op: 'read' | 'write',
    fn: (signal: AbortSignal) => Promise<T>,
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const started = performance.now();
    const done = (outcome: string) =>
      options.onEvent?.({ kind: 'attempt', system, op, outcome, ms: performance.now() - started });
    stats.attempts += 1;
    try {
      const value = await timeout(deadlineMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }).execute(
        (context) => fn(context.signal),
        signal,
      );
      stats.lastOkAt = Date.now();
      done('ok');
      return value;
    } catch (thrown) {
      const error = inWords(thrown, deadlineMs, signal?.aborted === true);
      stats.failures += 1;
      stats.lastError = { text: error.message, at: Date.now() };
      done(error instanceof OutsideError ? error.reason : error.code);
      throw error;
    }
  }

  return {
    system,
    async read(fn, signal) {
      try {
        const work = guarded.execute((context) => attempt('read', fn, timeoutMs, context.signal), signal);
        return await (signal ? orAborted(work, signal) : work);
      } catch (error) {
        throw inWords(error, timeoutMs, signal?.aborted === true);
      }
    },
    write: (fn, { timeoutMs: deadlineMs = timeoutMs, signal } = {}) => attempt('write', fn, deadlineMs, signal),
    state: () => stateOf(breaker.state),
    stats: () => ({ ...stats }),
  };
}

function worthRetrying(error: unknown): boolean {
  if (!(error instanceof OutsideError) || !isTransient(error)) return false;
  return error.retryAfterMs === null || error.retryAfterMs <= longestRetryAfterMs;
}

/** Next wait = random between the base and three times the last one, capped; a Retry-After goes first. */
function decorrelatedJitter(baseMs: number) {
  return (context: IRetryBackoffContext<unknown>, last: number = baseMs) => {
    const error = 'error' in context.result ? context.result.error : null;
    const delay = Math.min(longestRetryMs, baseMs + Math.random() * (last * 3 - baseMs));
    const asked = error instanceof OutsideError ? error.retryAfterMs : null;
    return { delay: asked ?? delay, state: delay };
  };
}

/** Ends when the signal fires: a wait between two attempts must not hold up a caller who has given up. */
async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const end = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function stateOf(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half-open' : 'open';
}
