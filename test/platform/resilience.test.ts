import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AppError } from '#app/errors.ts';
import { httpFailure, type OutsideError } from '#app/platform/outside-error.ts';
import { createResilience, type ResilienceEvent } from '#app/platform/resilience.ts';

const headers = (retryAfter: string | null = null) => ({ get: () => retryAfter });
const failing = (status: number, retryAfter: string | null = null) => {
  const fn = vi.fn(async () => {
    throw httpFailure('Unleash', status, headers(retryAfter));
  });
  return fn as unknown as typeof fn & ((signal: AbortSignal) => Promise<never>);
};
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: OutsideError) => error,
  );
/** Runs fake time until the promise is settled. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(60_000);
  return promise;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a read is tried three times on a server error and says what happened', async () => {
  const unleash = createResilience({ system: 'Unleash' });
  const fn = failing(500);
  const error = await settle(failure(unleash.read(fn)));
  expect(fn).toHaveBeenCalledTimes(3);
  expect(error.message).toBe('Unleash answered 500');
  expect(error.code).toBe('unavailable');
});

test('a clear no is not asked again and does not open the breaker', async () => {
  const unleash = createResilience({ system: 'Unleash' });
  const fn = failing(404);
  for (let i = 0; i < 20; i++) await settle(failure(unleash.read(fn)));
  expect(fn).toHaveBeenCalledTimes(20);
  expect(unleash.state()).toBe('closed');
});

test('an expected failure of our own passes unchanged', async () => {
  const run = createResilience({ system: 'Cloud Run' });
  const stale = new AppError('plan_stale');
  expect(await failure(run.read(() => Promise.reject(stale)))).toBe(stale);
});

test('Retry-After is waited for when it is short, and ends the read when it is long', async () => {
  const unleash = createResilience({ system: 'Unleash', retries: 1 });
  const short = failing(429, '3');
  const pending = failure(unleash.read(short));
  await vi.advanceTimersByTimeAsync(2900);
  expect(short).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(short).toHaveBeenCalledTimes(2);
  await pending;
  const long = failing(429, '30');
  await settle(failure(unleash.read(long)));
  expect(long).toHaveBeenCalledTimes(1);
});

test('a stalled read ends after 5 s an attempt, its signal aborted', async () => {
  const run = createResilience({ system: 'Cloud Run', retries: 0 });
  let seen: AbortSignal | null = null;
  const error = await settle(
    failure(
      run.read((signal) => {
        seen = signal;
        return new Promise(() => undefined);
      }),
    ),
  );
  expect(error.message).toBe('Cloud Run did not answer within 5 s');
  expect(error.reason).toBe('timeout');
  expect(seen!.aborted).toBe(true);
});

test('the breaker opens at half failures, answers at once, and closes after a good trial call', async () => {
  const events: ResilienceEvent[] = [];
  const unleash = createResilience({ system: 'Unleash', retries: 0, onEvent: (event) => events.push(event) });
  const bad = failing(503);
  for (let i = 0; i < 5; i++) await failure(unleash.read(bad));
  expect(unleash.state()).toBe('open');
  const error = await failure(unleash.read(bad));
  expect(error.reason).toBe('open');
  expect(bad).toHaveBeenCalledTimes(5);
  await vi.advanceTimersByTimeAsync(10_001);
  await expect(unleash.read(async () => 'fine')).resolves.toBe('fine');
  expect(unleash.state()).toBe('closed');
  expect(events.filter((event) => event.kind === 'breaker').map((event) => event.state)).toEqual([
    'open',
    'half-open',
    'closed',
  ]);
});

test('a write is tried once, even while the breaker is open', async () => {
  const unleash = createResilience({ system: 'Unleash', retries: 0 });
  const bad = failing(503);
  for (let i = 0; i < 6; i++) await failure(unleash.read(bad));
  expect(unleash.state()).toBe('open');
  await expect(unleash.write(async () => 'killed')).resolves.toBe('killed');
  const write = failing(500);
  await failure(unleash.write(write, { timeoutMs: 1000 }));
  expect(write).toHaveBeenCalledTimes(1);
});

test('a call given up by its caller is no failure of the system', async () => {
  const unleash = createResilience({ system: 'Unleash' });
  const stop = new AbortController();
  const pending = failure(unleash.read(() => new Promise(() => undefined), stop.signal));
  await vi.advanceTimersByTimeAsync(10);
  stop.abort();
  expect((await settle(pending)).reason).toBe('cancelled');
  expect(unleash.stats().attempts).toBe(1);
});

test('a caller who gives up between two attempts is not kept waiting', async () => {
  const unleash = createResilience({ system: 'Unleash' });
  const stop = new AbortController();
  const pending = failure(unleash.read(failing(429, '4'), stop.signal));
  await vi.advanceTimersByTimeAsync(1000);
  stop.abort();
  await vi.advanceTimersByTimeAsync(1);
  expect((await pending).reason).toBe('cancelled');
});

test.each([
  [Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } }), 'nothing listens there'],
  [Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }), 'dropped the connection'],
  [new SyntaxError('Unexpected token'), 'cannot be read'],
  [Object.assign(new Error('14 UNAVAILABLE: down'), { code: 14, details: 'down' }), 'answered UNAVAILABLE: down'],
  [Object.assign(new Error('4'), { code: 4, details: 'Deadline exceeded' }), 'did not answer within 5 s'],
])('%s reads "%s"', async (thrown, words) => {
  const system = createResilience({ system: 'Cloud Run', retries: 0 });
  expect((await failure(system.read(() => Promise.reject(thrown)))).message).toContain(words);
});
