import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookAtWait, nextTimeOfDay, type Waiting } from '#app/domain/run/wait.ts';

const minute = 60_000;
const started: Waiting = { startedAt: 0, endsAt: 60 * minute, heldSince: null, lookedAt: 0 };

/** The looks of a wait, one a minute: how it ended, and after how many minutes. */
function looks(holds: (boolean | null)[], holdFor: number, every = minute) {
  let waiting = started;
  for (const [index, one] of holds.entries()) {
    const looked = lookAtWait(waiting, one, holdFor, (index + 1) * every);
    if (looked.end) return { end: looked.end, minutes: ((index + 1) * every) / minute };
    waiting = looked.waiting;
  }
  return null;
}

describe('a wait', () => {
  it('is met once what it waits for has held long enough without a break', () => {
    expect(looks([true, true, true, true, true, true], 5 * minute)).toEqual({ end: 'met', minutes: 6 });
    expect(looks([true, true, true, false, true, true, true], 5 * minute)).toBeNull();
    expect(looks([true], 0)).toEqual({ end: 'met', minutes: 1 });
  });

  it('does not count what is not known, nor a stretch in which nobody looked', () => {
    expect(looks([true, true, null, true, true, true, true], 5 * minute)).toBeNull();
    expect(looks([true, true, true], 5 * minute, 4 * minute)).toBeNull();
  });

  it('always ends by its time, whatever the data say', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(true, false, null), { minLength: 60, maxLength: 60 }), (holds) => {
        const end = looks(holds, 5 * minute);
        expect(end).not.toBeNull();
        expect(end!.minutes).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('the next time of day', () => {
  const at = (text: string) => Date.parse(text);
  it('is today or tomorrow on the clocks of the zone', () => {
    expect(nextTimeOfDay('09:00', 'Europe/Vienna', at('2026-11-22T07:00:00Z'))).toBe(at('2026-11-22T08:00:00Z'));
    expect(nextTimeOfDay('09:00', 'Europe/Vienna', at('2026-11-22T08:00:00Z'))).toBe(at('2026-11-23T08:00:00Z'));
    expect(nextTimeOfDay('00:30', 'America/New_York', at('2026-11-23T04:00:00Z'))).toBe(at('2026-11-23T05:30:00Z'));
  });

  it('keeps to the clock across daylight saving', () => {
    expect(nextTimeOfDay('09:00', 'Europe/Vienna', at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T07:00:00Z'));
  });
});
