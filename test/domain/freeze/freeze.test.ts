import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, type Freeze, nextStretch, stretchAt } from '#app/domain/freeze/freeze.ts';
import { freezeWords, spanWords } from '#app/domain/freeze/words.ts';

const weekend: Freeze = {
  ...{ id: 'f', scope: 'everything', target: null, reason: 'Nobody is here at the weekend.' },
  timeZone: 'Europe/Berlin',
  span: { kind: 'weekly', from: { day: 5, time: '16:00' }, until: { day: 1, time: '08:00' } },
  ...{ by: 'Root', byEmail: 'root@studio.example', madeAt: 0, endedAt: null, endedBy: null },
};
const at = (text: string) => Date.parse(text);
const iso = (stretch: { from: number; until: number } | null) =>
  stretch && [new Date(stretch.from).toISOString(), new Date(stretch.until).toISOString()];

describe('a weekly freeze', () => {
  test.each([
    ['2026-11-20T14:59:59.999Z', false],
    ['2026-11-20T15:00:00Z', true],
    ['2026-11-22T12:00:00Z', true],
    ['2026-11-23T06:59:59.999Z', true],
    ['2026-11-23T07:00:00Z', false],
    ['2026-11-25T12:00:00Z', false],
  ])('at %s: %s', (text, frozen) => {
    expect(stretchAt(weekend, at(text)) !== null).toBe(frozen);
  });

  test('keeps its hours on the clocks of its zone when daylight saving begins and ends', () => {
    // 29 March 2026: an hour is missing. 25 October 2026: one comes twice.
    expect(iso(stretchAt(weekend, at('2026-03-28T12:00:00Z')))).toEqual([
      '2026-03-27T15:00:00.000Z',
      '2026-03-30T06:00:00.000Z',
    ]);
    expect(iso(stretchAt(weekend, at('2026-10-24T12:00:00Z')))).toEqual([
      '2026-10-23T14:00:00.000Z',
      '2026-10-26T07:00:00.000Z',
    ]);
  });

  test('that begins in the hour that is missing begins as long after the jump', () => {
    const night = {
      ...weekend,
      span: { kind: 'weekly' as const, from: { day: 7, time: '02:30' }, until: { day: 7, time: '05:00' } },
    };
    expect(iso(stretchAt(night, at('2026-03-29T02:00:00Z')))).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-29T03:00:00.000Z',
    ]);
  });

  test('from one moment to the same lasts the whole week', () => {
    const always = {
      ...weekend,
      span: { kind: 'weekly' as const, from: { day: 3, time: '12:00' }, until: { day: 3, time: '12:00' } },
    };
    fc.assert(
      fc.property(fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') }), (now) => {
        expect(stretchAt(always, now)).not.toBeNull();
      }),
    );
  });

  test('is in force for the same share of a year as its hours say, in any zone, and the next stretch is never over', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe'];
    const moment = fc.record({
      day: fc.integer({ min: 1, max: 7 }),
      time: fc.constantFrom('00:00', '08:00', '16:30', '23:59'),
    });
    const instant = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-01-01T00:00:00Z') });
    fc.assert(
      fc.property(fc.constantFrom(...zones), moment, moment, instant, (timeZone, from, until, now) => {
        const freeze = { ...weekend, timeZone, span: { kind: 'weekly' as const, from, until } };
        const here = stretchAt(freeze, now);
        const next = nextStretch(freeze, now)!;
        expect(next.until).toBeGreaterThan(now);
        expect(here === null ? next.from > now : here.from === next.from).toBe(true);
        for (const { from: begin, until: end } of [next]) {
          const clock = (ms: number) =>
            new Date(ms).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
          expect([clock(begin), clock(end)]).toEqual([from.time, until.time]);
        }
      }),
    );
  });
});

test('a freeze once holds from its beginning to before its end, and no longer than somebody lets it', () => {
  const once: Freeze = { ...weekend, span: { kind: 'once', from: 100, until: 200 } };
  expect([99, 100, 199, 200].map((now) => stretchAt(once, now) !== null)).toEqual([false, true, true, false]);
  expect(stretchAt({ ...once, endedAt: 150 }, 150)).toBeNull();
  expect(stretchAt({ ...once, endedAt: 150 }, 149)).not.toBeNull();
  expect(stretchAt({ ...once, madeAt: 120 }, 110)).toBeNull();
  expect(nextStretch(once, 200)).toBeNull();
});

test('it covers everything, one service or one environment', () => {
  const subject = { service: 'voice', environment: 'production' };
  expect(covers({ scope: 'everything', target: null }, subject)).toBe(true);
  expect(covers({ scope: 'service', target: 'voice' }, subject)).toBe(true);
  expect(covers({ scope: 'service', target: 'shop' }, subject)).toBe(false);
  expect(covers({ scope: 'environment', target: 'production' }, subject)).toBe(true);
  expect(covers({ scope: 'service', target: 'production' }, subject)).toBe(false);
  expect(covers({ scope: 'service', target: 'voice' }, { ...subject, service: null })).toBe(false);
});

test('it is told with the zone in which it was said', () => {
  expect(spanWords(weekend.span, weekend.timeZone)).toBe('every week from Friday 16:00 to Monday 08:00, Europe/Berlin');
  expect(freezeWords({ reason: 'Weekend.', until: at('2026-11-23T07:00:00Z'), timeZone: 'Europe/Berlin' })).toMatch(
    /frozen until Mon,? 23 Nov,? (at )?08:00 Europe\/Berlin: Weekend\./,
  );
});
