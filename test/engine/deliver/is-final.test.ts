import { expect, test } from 'vitest';
import { isFinal } from '#app/engine/deliver/is-final.ts';
import { AppError } from '#app/errors.ts';
import { httpFailure, OutsideError } from '#app/platform/outside-error.ts';

const answered = (status: number) => httpFailure('Desk', status, { get: () => null });

test('a clear no to just this is final; what others may mend, what is for later and what is no answer are not', () => {
  const final = (status: number) => isFinal(answered(status), 'webhook');
  expect([400, 404, 405, 409, 410, 413, 422].filter((status) => !final(status))).toEqual([]);
  expect([302, 401, 403, 408, 425, 429, 500, 503].filter(final)).toEqual([]);
  expect(isFinal(new OutsideError('Desk', 'timeout', 'The desk did not answer'), 'webhook')).toBe(false);
  expect(isFinal(new AppError('bad_input', 'FIREBREAK_REF_DESK is not set'), 'webhook')).toBe(false);
});

test('what is there no longer is final for everything but a page', () => {
  const gone = new AppError('not_found', 'PagerDuty knows no such incident');
  expect(isFinal(gone, 'pagerduty-note')).toBe(true);
  expect(isFinal(gone, 'chat')).toBe(true);
  expect(isFinal(gone, 'pagerduty-event')).toBe(false);
});

test('a page is given up only for an event that PagerDuty cannot take', () => {
  expect([400, 404, 409, 422].filter((status) => isFinal(answered(status), 'pagerduty-event'))).toEqual([400]);
});
