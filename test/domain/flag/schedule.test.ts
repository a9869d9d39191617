import { expect, test } from 'vitest';
import { decideRefusal } from '#app/domain/flag/change-request.ts';
import { readScheduleTime, scheduleTimeText } from '#app/domain/flag/schedule.ts';

const now = Date.parse('2026-11-22T03:26:00Z');
const read = (at: string, zone = 'Europe/Berlin', from = now) => readScheduleTime({ at, zone }, 'UTC', from);

test('a time is read in its zone, and shown as it was asked for', () => {
  const planned = read('2026-11-24T09:00');
  expect(planned).toEqual({
    firesAt: Date.parse('2026-11-24T08:00:00Z'),
    local: '2026-11-24T09:00',
    zone: 'Europe/Berlin',
  });
  expect(scheduleTimeText(planned as never)).toBe('Tue, 24 Nov 2026, 09:00 Europe/Berlin');
  // Without a zone, or with one that nobody knows, it is the organisation's.
  expect(read('2026-11-24 09:00', 'Mars/Base')).toMatchObject({
    firesAt: Date.parse('2026-11-24T09:00:00Z'),
    zone: 'UTC',
  });
});

test('nine o’clock stays nine o’clock over a change of the clocks', () => {
  const before = Date.parse('2027-03-20T12:00:00Z');
  expect(read('2027-03-27T09:00', undefined, before)).toMatchObject({ firesAt: Date.parse('2027-03-27T08:00:00Z') });
  expect(read('2027-03-29T09:00', undefined, before)).toMatchObject({ firesAt: Date.parse('2027-03-29T07:00:00Z') });
});

test('a time that clocks skip is refused, one that they show twice is the first', () => {
  const before = Date.parse('2027-03-20T12:00:00Z');
  expect(read('2027-03-28T02:30', undefined, before)).toEqual({
    problem: '2027-03-28 02:30 does not exist in Europe/Berlin: clocks go forward over it.',
  });
  const autumn = Date.parse('2027-10-20T12:00:00Z');
  expect(read('2027-10-31T02:30', undefined, autumn)).toMatchObject({ firesAt: Date.parse('2027-10-31T00:30:00Z') });
});

test.each([
  ['', 'Give a day and a time'],
  ['soon', 'Give a day and a time'],
  ['2026-02-30T09:00', 'Give a day and a time'],
  ['2026-11-22T04:00', 'passed already'],
  ['2027-06-01T09:00', 'At most 90 days'],
])('%s is refused', (at, words) => {
  expect(read(at)).toEqual({ problem: expect.stringContaining(words) });
});

test('owners and responders answer a request, nobody else, and only once', () => {
  const linus = { role: 'product' as const, email: 'linus@studio.example', teams: ['voice'] };
  const open = { state: 'open' as const };
  expect(decideRefusal(open, ['voice'], linus)).toBeNull();
  expect(decideRefusal(open, ['linus@studio.example'], { ...linus, teams: [] })).toBeNull();
  expect(decideRefusal(open, ['visuals'], linus)).toBe('It is for visuals, or a responder.');
  expect(decideRefusal(open, ['visuals'], { ...linus, role: 'responder' })).toBeNull();
  expect(decideRefusal(open, ['voice'], { ...linus, role: 'viewer' })).not.toBeNull();
  expect(decideRefusal({ state: 'declined' }, ['voice'], linus)).toBe('It is answered already.');
});
