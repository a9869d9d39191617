import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { longestSilence, readEnd, readSilence, tomorrowAtNine } from '#app/domain/silence/request.ts';
import { covers, type Silence, silencedText, silenceOf, silenceOfAll, stands } from '#app/domain/silence/silence.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 10, 22, 3, 26);
const what = { slo: 'voice-availability', service: 'voice', source: 'studio' };

function silence(change: Partial<Silence> = {}): Silence {
  return {
    ...{ id: 's', scope: 'slo', target: 'voice-availability', reason: 'Load test', by: 'Ada Byron' },
    ...{ byEmail: 'ada@example.com', from: now, until: now + hour, endedAt: null, endedBy: null, ...change },
  };
}

describe('a silence', () => {
  test('stands from its start to its end, or to where somebody ended it', () => {
    expect([now - 1, now, now + hour - 1, now + hour].map((at) => stands(silence(), at))).toEqual([
      ...[false, true, true, false],
    ]);
    const ended = silence({ endedAt: now + 60_000, endedBy: 'Grace' });
    expect([now, now + 59_999, now + 60_000].map((at) => stands(ended, at))).toEqual([true, true, false]);
  });

  test('covers an SLO by its name, its service or its source, and nothing of the same name in another scope', () => {
    const named = (scope: Silence['scope'], target: string) => covers({ scope, target }, what);
    expect([named('slo', 'voice-availability'), named('service', 'voice'), named('source', 'studio')]).toEqual([
      ...[true, true, true],
    ]);
    expect([named('service', 'voice-availability'), named('slo', 'voice'), named('source', 'voice')]).toEqual([
      ...[false, false, false],
    ]);
    expect(covers({ scope: 'source', target: 'studio' }, { ...what, source: null })).toBe(false);
  });

  test('of two that overlap, the one that ends last keeps an SLO quiet; of several SLOs all have to be', () => {
    const short = silence({ id: 'short' });
    const long = silence({ id: 'long', scope: 'service', target: 'voice', until: now + 3 * hour });
    expect(silenceOf(what, [short, long], now)?.id).toBe('long');
    expect(silenceOf(what, [long, short], now)?.id).toBe('long');
    expect(silenceOf(what, [short], now + hour)).toBeNull();
    const other = { ...what, slo: 'api-availability', service: 'api' };
    expect(silenceOfAll([what, other], [short], now)).toBeNull();
    expect(silenceOfAll([what, other], [long, silence({ id: 'api', target: 'api-availability' })], now)?.id).toBe(
      'api',
    );
    expect(silenceOfAll([], [long], now)).toBeNull();
  });

  test('says who, until when and why', () => {
    expect(silencedText(silence())).toBe('silenced by Ada Byron until 2026-11-22 04:26 UTC: Load test');
  });
});

test('an SLO is quiet exactly while one of its silences stands', () => {
  const any = fc.record({
    scope: fc.constantFrom('slo' as const, 'service' as const, 'source' as const),
    target: fc.constantFrom('voice-availability', 'voice', 'studio', 'api'),
    from: fc.integer({ min: 0, max: 20 }),
    length: fc.integer({ min: 1, max: 20 }),
    endedAt: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null }),
  });
  fc.assert(
    fc.property(fc.array(any), fc.integer({ min: 0, max: 45 }), (made, at) => {
      const all = made.map(({ length, ...one }) => silence({ ...one, until: one.from + length }));
      const quiet = all.some(
        ({ scope, target, from, until, endedAt }) =>
          what[scope] === target && from <= at && at < until && (endedAt === null || at < endedAt),
      );
      expect(silenceOf(what, all, at) !== null).toBe(quiet);
    }),
  );
});

describe('a silence as it is typed', () => {
  const form = { what: 'service/voice', end: '4h', at: '', zone: 'Europe/Berlin', reason: ' Move of the database ' };
  const read = (change: Partial<typeof form>) => readSilence({ ...form, ...change }, 'UTC', now);

  test('becomes one', () => {
    expect(read({})).toEqual({
      scope: 'service',
      target: 'voice',
      until: now + 4 * hour,
      reason: 'Move of the database',
    });
    expect(read({ what: 'source/a/b' })).toMatchObject({ scope: 'source', target: 'a/b' });
  });

  test('an own end is read in the zone of whoever typed it, else in the organisation’s', () => {
    const at = '2026-11-22T09:30';
    expect(read({ end: 'at', at })).toMatchObject({ until: Date.UTC(2026, 10, 22, 8, 30) });
    expect(read({ end: 'at', at, zone: '' })).toMatchObject({ until: Date.UTC(2026, 10, 22, 9, 30) });
    expect(read({ end: 'at', at, zone: 'No/Where' })).toMatchObject({ until: Date.UTC(2026, 10, 22, 9, 30) });
  });

  test.each([
    [{ what: '' }, 'what'],
    [{ what: 'flag/voice' }, 'what'],
    [{ end: 'at', at: 'soon' }, 'at'],
    [{ end: 'at', at: '2026-11-31T09:00' }, 'at'],
    [{ end: 'at', at: '2026-11-22T04:25' }, 'at'],
    [{ end: 'at', at: '2026-11-29T04:27' }, 'at'],
    [{ end: 'never' }, 'at'],
    [{ reason: ' x ' }, 'reason'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
  ])('%j is refused at its field', (change, field) => {
    expect(read(change)).toMatchObject({ field });
  });

  test('lasts seven days at most', () => {
    expect(readEnd({ end: 'at', at: '2026-11-29T04:26', zone: 'Europe/Berlin' }, 'UTC', now)).toBe(
      now + longestSilence,
    );
  });

  test.each([
    ['Europe/Berlin', Date.UTC(2026, 10, 22, 3, 26), Date.UTC(2026, 10, 23, 8)],
    ['America/New_York', Date.UTC(2026, 10, 22, 3, 26), Date.UTC(2026, 10, 22, 14)],
    ['Pacific/Auckland', Date.UTC(2026, 10, 22, 12), Date.UTC(2026, 10, 23, 20)],
    // The night in which clocks go forward, and the last of a year.
    ['Europe/Berlin', Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 2, 29, 7)],
    ['UTC', Date.UTC(2026, 11, 31, 23, 59), Date.UTC(2027, 0, 1, 9)],
  ])('tomorrow at nine in %s', (zone, at, nine) => {
    expect(new Date(tomorrowAtNine(zone, at)).toISOString()).toBe(new Date(nine).toISOString());
  });
});
